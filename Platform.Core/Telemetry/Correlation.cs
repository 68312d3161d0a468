using System.Diagnostics;

namespace Platform.Telemetry;

/// <summary>
/// The id by which a caller finds everything that one of its requests set off: given with <c>X-Correlation-Id</c>, and carried
/// through events and outgoing calls.
/// </summary>
/// <remarks>
/// It lives as a tag on the span of the unit of work (server request, event handler), so it is in the trace as well, and costs nothing
/// where nobody asks for it. Thread safe.
/// </remarks>
public static class Correlation
{
    /// <summary>The name of the span's tag.</summary>
    public const string TagName = "platform.correlation_id";

    /// <summary>The longest id that is taken, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>
    /// The id of the present unit of work: that of the nearest span which has one, else the trace id, else <see langword="null"/>
    /// where there is no span at all.
    /// </summary>
    public static string? Current
    {
        get
        {
            for (var activity = Activity.Current; activity is not null; activity = activity.Parent)
            {
                if (activity.GetTagItem(TagName) is string id)
                {
                    return id;
                }
            }

            return Activity.Current is { IdFormat: ActivityIdFormat.W3C } current ? current.TraceId.ToHexString() : null;
        }
    }

    /// <summary>Marks a span, and with it all spans below, as part of the work of <paramref name="id"/>.</summary>
    /// <param name="activity">The span of the unit of work; nothing happens when it is <see langword="null"/>.</param>
    /// <param name="id">An id that is valid by <see cref="IsValid"/>; any other is ignored.</param>
    public static void Set(Activity? activity, string? id)
    {
        if (activity is not null && IsValid(id))
        {
            activity.SetTag(TagName, id);
        }
    }

    /// <summary>
    /// Whether an id from outside may be taken over: 1 to <see cref="MaxLength"/> ASCII letters, digits, and <c>- _ . :</c>. Nothing
    /// in it can break a header, a log line or a query.
    /// </summary>
    public static bool IsValid(string? id)
    {
        if (id is not { Length: > 0 and <= MaxLength })
        {
            return false;
        }

        foreach (var c in id)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.' or ':'))
            {
                return false;
            }
        }

        return true;
    }
}
