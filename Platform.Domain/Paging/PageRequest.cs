using System.Buffers.Text;
using Platform.Errors;

namespace Platform.Domain.Paging;

/// <summary>Asks for one page of a list that is ordered by id.</summary>
public sealed class PageRequest
{
    /// <summary>Items on a page where nothing is asked for.</summary>
    public const int DefaultLimit = 20;

    /// <summary>The most items a page may have.</summary>
    public const int MaxLimit = 100;

    /// <summary>Asks for the items behind a cursor.</summary>
    /// <param name="limit">1 to 100; 20 by default.</param>
    /// <param name="cursor">What an earlier page gave as <see cref="Page{T}.Next"/>; from the start by default.</param>
    /// <exception cref="ErrorException">The limit is out of range, or the cursor is not one.</exception>
    public PageRequest(int? limit = null, string? cursor = null)
    {
        var errors = new FieldErrors();
        Limit = limit ?? DefaultLimit;
        if (Limit is < 1 or > MaxLimit)
        {
            errors.Add("/limit", "out_of_range", $"A page has 1 to {MaxLimit} items.");
        }

        if (!string.IsNullOrEmpty(cursor))
        {
            Span<byte> bytes = stackalloc byte[17];
            if (cursor.Length == 22 && Base64Url.IsValid(cursor) && Base64Url.TryDecodeFromChars(cursor, bytes, out var written) && written == 16)
            {
                After = new Guid(bytes[..16], bigEndian: true);
            }
            else
            {
                errors.Add("/cursor", "invalid", "This is not a cursor that a page of this list gave.");
            }
        }

        errors.ThrowIfAny();
    }

    /// <summary>How many items at most.</summary>
    public int Limit { get; }

    /// <summary>The id of the last item that the caller has, or null at the start.</summary>
    public Guid? After { get; }

    /// <summary>Makes the cursor that stands behind the item with <paramref name="id"/>.</summary>
    public static string CursorAfter(Guid id) => Base64Url.EncodeToString(id.ToByteArray(bigEndian: true));
}
