using Microsoft.EntityFrameworkCore;
using Platform.Conditional;

namespace Platform.Domain.Paging;

internal static class PagingExtensions
{
    // One item more than asked for tells whether there is a next page, without a count.
    public static async Task<Page<T>> ToPageAsync<T>(
        this IQueryable<T> ordered, PageRequest page, Func<T, string> cursor, CancellationToken cancellationToken)
    {
        var items = await ordered.Take(page.Limit + 1).ToListAsync(cancellationToken);
        return ToPage(items, page, cursor);
    }

    /// <summary>Makes a page of items that a query already took one more of than the page holds.</summary>
    public static async Task<Page<T>> ToPageAsync<T>(
        this IAsyncEnumerable<T> taken, PageRequest page, Func<T, string> cursor, CancellationToken cancellationToken)
    {
        var items = new List<T>(page.Limit + 1);
        await foreach (var item in taken.WithCancellation(cancellationToken))
        {
            items.Add(item);
        }

        return ToPage(items, page, cursor);
    }

    private static Page<T> ToPage<T>(List<T> items, PageRequest page, Func<T, string> cursor)
    {
        if (items.Count <= page.Limit)
        {
            return new Page<T>(items, null);
        }

        items.RemoveAt(page.Limit);
        return new Page<T>(items, cursor(items[^1]));
    }

    // The same rows without what they hold.
    public static async Task<VersionPage> ToVersionPageAsync(
        this IQueryable<VersionRow> ordered, PageRequest page, CancellationToken cancellationToken)
    {
        var rows = await ordered.Take(page.Limit + 1).ToListAsync(cancellationToken);
        return new VersionPage(
            [.. rows.Take(page.Limit).Select(row => (row.Id, new RowVersion(row.Version, row.ChangedAt)))], rows.Count > page.Limit);
    }
}

internal sealed record VersionRow(Guid Id, uint Version, DateTimeOffset ChangedAt);
