using Microsoft.EntityFrameworkCore;

namespace Platform.Domain.Paging;

internal static class PagingExtensions
{
    // One item more than asked for tells whether there is a next page, without a count.
    public static async Task<Page<T>> ToPageAsync<T>(
        this IQueryable<T> ordered, PageRequest page, Func<T, Guid> id, CancellationToken cancellationToken)
    {
        var items = await ordered.Take(page.Limit + 1).ToListAsync(cancellationToken);
        if (items.Count <= page.Limit)
        {
            return new Page<T>(items, null);
        }

        items.RemoveAt(page.Limit);
        return new Page<T>(items, PageRequest.CursorAfter(id(items[^1])));
    }
}
