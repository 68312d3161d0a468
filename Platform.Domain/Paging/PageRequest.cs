using System.Buffers.Text;
using System.Text;
using Platform.Errors;

namespace Platform.Domain.Paging;

/// <summary>What a list is ordered by; the id decides between equals.</summary>
public enum PageOrder
{
    /// <summary>The time of creation, which ids sort by.</summary>
    Created,

    /// <summary>The name.</summary>
    Name,
}

/// <summary>Asks for one page of a list.</summary>
public sealed class PageRequest
{
    /// <summary>Items on a page where nothing is asked for.</summary>
    public const int DefaultLimit = 20;

    /// <summary>The most items a page may have.</summary>
    public const int MaxLimit = 100;

    private const int IdBytes = 16;
    private const int MaxCursorBytes = 1_024;

    /// <summary>Asks for the items behind a cursor.</summary>
    /// <param name="limit">1 to 100; 20 by default.</param>
    /// <param name="cursor">What an earlier page of the same order gave as <see cref="Page{T}.Next"/>; from the start by default.</param>
    /// <param name="order">What the list is ordered by.</param>
    /// <param name="ascending">The oldest or first name first; the newest or last by default.</param>
    /// <exception cref="ErrorException">The limit is out of range, or the cursor is not one.</exception>
    public PageRequest(int? limit = null, string? cursor = null, PageOrder order = PageOrder.Created, bool ascending = false)
    {
        var errors = new FieldErrors();
        (Order, Ascending) = (order, ascending);
        Limit = limit ?? DefaultLimit;
        if (Limit is < 1 or > MaxLimit)
        {
            errors.Add("/limit", "out_of_range", $"A page has 1 to {MaxLimit} items.");
        }

        if (!string.IsNullOrEmpty(cursor) && !TryRead(cursor))
        {
            errors.Add("/cursor", "invalid", "This is not a cursor that a page of this list gave.");
        }

        errors.ThrowIfAny();
    }

    /// <summary>How many items at most.</summary>
    public int Limit { get; }

    /// <summary>What the list is ordered by.</summary>
    public PageOrder Order { get; }

    /// <summary>Whether the smallest comes first.</summary>
    public bool Ascending { get; }

    /// <summary>The id of the last item that the caller has, or null at the start.</summary>
    public Guid? After { get; private set; }

    /// <summary>The name of that item, where the list is ordered by it.</summary>
    public string AfterName { get; private set; } = "";

    /// <summary>Makes the cursor that stands behind the item with <paramref name="id"/>, in a list by time of creation.</summary>
    public static string CursorAfter(Guid id) => Base64Url.EncodeToString(id.ToByteArray(bigEndian: true));

    /// <summary>Makes the cursor that stands behind an item of this list.</summary>
    public string CursorAfter(Guid id, string name) => Order is PageOrder.Created
        ? CursorAfter(id)
        : Base64Url.EncodeToString([.. id.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(name)]);

    private bool TryRead(string cursor)
    {
        Span<byte> bytes = stackalloc byte[MaxCursorBytes];
        if (cursor.Length > MaxCursorBytes
            || !Base64Url.IsValid(cursor)
            || !Base64Url.TryDecodeFromChars(cursor, bytes, out var length)
            || (Order is PageOrder.Created ? length != IdBytes : length <= IdBytes))
        {
            return false;
        }

        After = new Guid(bytes[..IdBytes], bigEndian: true);
        AfterName = Encoding.UTF8.GetString(bytes[IdBytes..length]);
        return true;
    }
}
