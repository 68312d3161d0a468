using Platform.Domain.Paging;

namespace Platform.Api.Http;

/// <summary>One page of a list.</summary>
/// <param name="Items">At most as many as were asked for.</param>
/// <param name="Next">The cursor of the next page; null on the last one.</param>
internal sealed record PageResponse<T>(IReadOnlyList<T> Items, string? Next);

internal static class PageResponse
{
    public static PageResponse<TBody> From<TItem, TBody>(Page<TItem> page, Func<TItem, TBody> body) =>
        new([.. page.Items.Select(body)], page.Next);
}
