using Platform.Errors;
using Platform.FeatureFlags;
using Platform.Identity;

namespace Platform.Api.FeatureFlags;

/// <summary>Changes single items in the store for the present caller, and turns errors into the terms of the one body that he sent.</summary>
internal sealed class FlagEditing(IFlagStore store, ICallerAccessor callers, TimeProvider time)
{
    public FlagAuthor Author(string? reason) => new(callers.Current.Subject ?? "anonymous", reason?.Trim() ?? "");

    /// <summary>The item as it is now, read from the store.</summary>
    public async Task<FlagItem?> FindAsync(FlagKey key, CancellationToken cancellationToken) => (await store.ReadAsync(cancellationToken)).Find(key);

    /// <summary>Creates or replaces an item.</summary>
    /// <param name="key">Which one.</param>
    /// <param name="definition">What it is to be.</param>
    /// <param name="expected">The version it must have; null where there must be none.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<FlagItem> PutAsync(FlagKey key, object definition, long? expected, string? reason, CancellationToken cancellationToken)
    {
        var after = FlagDocument.Empty;
        var edit = new FlagEdit(Author(reason), document => after = document.With(FlagKind.Stamped(definition, Present(document, key), time.GetUtcNow())))
        {
            Expected = new Dictionary<FlagKey, long?> { [key] = expected },
        };
        try
        {
            return (await store.EditAsync(edit, cancellationToken)).Flags.Find(key)!;
        }
        catch (ErrorException error) when (error.Fields.Count > 0 && error.Code == ErrorCode.ValidationError)
        {
            throw ErrorException.Validation([.. error.Fields.Select(field => OfBody(field, key, after))]);
        }
    }

    public async Task DeleteAsync(FlagKey key, long? expected, string? reason, CancellationToken cancellationToken)
    {
        var after = FlagDocument.Empty;
        var edit = new FlagEdit(Author(reason), document => after = document.Without(key))
        {
            Expected = new Dictionary<FlagKey, long?> { [key] = expected },
        };
        try
        {
            await store.EditAsync(edit, cancellationToken);
        }
        catch (ErrorException error) when (error.Fields.Count > 0 && error.Code == ErrorCode.ValidationError)
        {
            throw ErrorException.Validation([.. error.Fields.Select(field => OfBody(field, key, after))]);
        }
    }

    private static object? Present(FlagDocument document, FlagKey key) =>
        document.Items().FirstOrDefault(item => item.Key == key).Value;

    /// <summary>A pointer into the document is one into the body where it is about this item; else the other item is named.</summary>
    private static FieldError OfBody(FieldError field, FlagKey key, FlagDocument document)
    {
        if (field.Pointer.Split('/', 4) is not [_, var list, var text, .. var rest] || !int.TryParse(text, out var index))
        {
            return field;
        }

        var named = list switch
        {
            "flags" when index < document.Flags.Count => FlagKey.Flag(document.Flags[index].Name),
            "switches" when index < document.Switches.Count => FlagKey.Switch(document.Switches[index].Name),
            "samples" when index < document.Samples.Count => FlagKey.Sample(document.Samples[index].Name),
            "segments" when index < document.Segments.Count => FlagKey.Segment(document.Segments[index].Name, document.Segments[index].Origin),
            _ => null,
        };
        if (named == key)
        {
            return field with { Pointer = rest.Length == 0 ? "" : $"/{rest[0]}" };
        }

        return named is null ? field : new FieldError("", field.Code, $"The {FlagWords.Of(named.Kind)} \"{named.Name}\" would not be valid any more: {field.Message}");
    }
}
