namespace Platform.Domain.Paging;

/// <summary>One page of a list.</summary>
/// <param name="Items">At most as many as were asked for.</param>
/// <param name="Next">The cursor of the next page, or null when this is the last one.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
