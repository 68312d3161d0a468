namespace Platform.FeatureFlags;

/// <summary>One change, of any number of items at once.</summary>
/// <param name="Author">Who, and why.</param>
/// <param name="Change">
/// Makes the document after the change from the one that is stored, under the store's lock. It may run again, so it must do nothing else.
/// The order of items that exist stays; new ones come at the end.
/// </param>
public sealed record FlagEdit(FlagAuthor Author, Func<FlagDocument, FlagDocument> Change)
{
    /// <summary>
    /// Versions that items must have now, null where there must be none: what <c>If-Match</c> and <c>If-None-Match: *</c> say. Empty by default.
    /// </summary>
    public IReadOnlyDictionary<FlagKey, long?> Expected { get; init; } = new Dictionary<FlagKey, long?>();

    /// <summary>
    /// Takes items of other systems also where they cannot be read: such a flag is off until it is repaired, as it is at home. For imports.
    /// False by default: one error, and nothing is saved.
    /// </summary>
    public bool KeepsUnreadable { get; init; }
}
