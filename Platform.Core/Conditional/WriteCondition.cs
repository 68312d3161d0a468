using Platform.Errors;

namespace Platform.Conditional;

/// <summary>
/// The version that a caller means to change, checked where it is changed: against the row that was read in the same unit of work, whose
/// version the save then demands again.
/// </summary>
/// <param name="headers">What the caller sent.</param>
/// <param name="stamp">How the caller was shown the row (<see cref="RowVersion.ToTag"/>).</param>
public sealed class WriteCondition(Preconditions headers, string stamp)
{
    /// <summary>Checks the row as it was read.</summary>
    /// <exception cref="ErrorException">It is another version: <see cref="ErrorCode.PreconditionFailed"/>.</exception>
    public void Check(RowVersion version)
    {
        // The same version, however much of it the caller was shown.
        var (whole, redacted) = (Passes(version, stamp), Passes(version, stamp + RowVersion.RedactedMark));
        if (headers.IfNoneMatch is null ? !(whole || redacted) : !(whole && redacted))
        {
            throw Failed();
        }
    }

    /// <summary>The refusal, also for one who loses a race between check and save.</summary>
    public static ErrorException Failed(Exception? cause = null) =>
        new(ErrorCode.PreconditionFailed, "The resource was changed since the version that the request names. Read it again.", cause);

    private bool Passes(RowVersion version, string shown) =>
        headers.Evaluate(isRead: false, new Validators(version.ToTag(shown), version.ChangedAt)) is PreconditionResult.Proceed;
}
