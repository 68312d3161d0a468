namespace Platform.Conditional;

/// <summary>What the preconditions of a request come to.</summary>
public enum PreconditionResult
{
    /// <summary>Do what was asked.</summary>
    Proceed,

    /// <summary>The client has the present representation: 304.</summary>
    NotModified,

    /// <summary>The resource is not as the client thinks: 412.</summary>
    Failed,
}

/// <summary>What identifies the present representation of a resource.</summary>
/// <param name="ETag">Its entity tag with quotes; null when it has none.</param>
/// <param name="LastModified">When it was changed last; null when that is not known. Fractions of a second count as the next second.</param>
public readonly record struct Validators(string? ETag, DateTimeOffset? LastModified);

/// <summary>
/// The conditions of a request (RFC 9110, section 13), each field's value as it came, null when it did not. Lines of one field are joined with
/// commas. Evaluating allocates nothing.
/// </summary>
/// <param name="IfMatch">Section 13.1.1.</param>
/// <param name="IfNoneMatch">Section 13.1.2.</param>
/// <param name="IfModifiedSince">Section 13.1.3.</param>
/// <param name="IfUnmodifiedSince">Section 13.1.4.</param>
public readonly record struct Preconditions(string? IfMatch, string? IfNoneMatch, string? IfModifiedSince, string? IfUnmodifiedSince)
{
    /// <summary>Whether the request has no condition at all.</summary>
    public bool IsEmpty => IfMatch is null && IfNoneMatch is null && IfModifiedSince is null && IfUnmodifiedSince is null;

    /// <summary>Whether the request says which version it means to change, as a server may demand (RFC 6585, section 3).</summary>
    public bool GuardsWrite => IfMatch is not null || IfUnmodifiedSince is not null;

    /// <summary>Evaluates in the order of section 13.2.2. Not to be asked where the answer without conditions would be an error (section 13.2.1).</summary>
    /// <param name="isRead">GET or HEAD.</param>
    /// <param name="current">The present representation; null when there is none.</param>
    public PreconditionResult Evaluate(bool isRead, Validators? current) => Evaluate(isRead, current, out _);

    /// <inheritdoc cref="Evaluate(bool, Validators?)"/>
    /// <param name="isRead">GET or HEAD.</param>
    /// <param name="current">The present representation; null when there is none.</param>
    /// <param name="matched">The tag of <see cref="IfNoneMatch"/> that the client has, if it was named there.</param>
    public PreconditionResult Evaluate(bool isRead, Validators? current, out Range? matched)
    {
        matched = null;

        // Steps 1 and 2: the client's version is the present one.
        if (IfMatch is not null)
        {
            if (!Matches(IfMatch, current, strong: true, out _))
            {
                return PreconditionResult.Failed;
            }
        }
        else if (IfUnmodifiedSince is not null && IsNewer(current, IfUnmodifiedSince) is true)
        {
            return PreconditionResult.Failed;
        }

        // Steps 3 and 4: the client does not have it yet.
        if (IfNoneMatch is not null)
        {
            if (Matches(IfNoneMatch, current, strong: false, out matched))
            {
                return isRead ? PreconditionResult.NotModified : PreconditionResult.Failed;
            }
        }
        else if (isRead && IfModifiedSince is not null && IsNewer(current, IfModifiedSince) is false)
        {
            return PreconditionResult.NotModified;
        }

        return PreconditionResult.Proceed;
    }

    private static bool Matches(string list, Validators? current, bool strong, out Range? matched)
    {
        matched = null;
        if (current is not { } present)
        {
            return false;
        }

        if (EntityTag.IsAny(list))
        {
            return true;
        }

        if (present.ETag is null || !EntityTag.IsIn(list, present.ETag, strong, out var range))
        {
            return false;
        }

        matched = range;
        return true;
    }

    // Null where the field has to be ignored: it is no date, or the resource has none.
    private static bool? IsNewer(Validators? current, string date) =>
        current?.LastModified is { } modified && HttpDate.TryParse(date, out var since) ? HttpDate.RoundUp(modified) > since : null;
}
