using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Platform.Domain.Paging;
using Platform.Errors;

namespace Platform.Api.Http;

// Which page of a list: ?limit=20&sort=-createdAt&cursor=... Texts, so that one that does not fit is told as a field error.
internal sealed record PageQuery(
    [FromQuery(Name = "limit")] string? Limit,
    [FromQuery(Name = "sort")] string? Sort,
    [FromQuery(Name = "cursor")] string? Cursor)
{
    private static readonly string[] Own = ["limit", "sort", "cursor"];

    /// <summary>Reads the page that is asked for.</summary>
    /// <param name="http">The request.</param>
    /// <param name="sorts">What the list can be ordered by, the first one, descending, by default.</param>
    /// <param name="filters">The names of its filters. Any other name is refused: a filter that does nothing shows more than was asked for.</param>
    /// <param name="errors">What is wrong with the filters, to be told together with what is wrong here.</param>
    /// <exception cref="ErrorException">Something does not fit.</exception>
    public ListPage Read(HttpContext http, IReadOnlyList<(string Name, PageOrder Order)> sorts, IReadOnlyList<string> filters, FieldErrors errors)
    {
        foreach (var name in http.Request.Query.Keys.Where(name => !Own.Contains(name, StringComparer.Ordinal) && !filters.Contains(name, StringComparer.Ordinal)))
        {
            errors.Add($"/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}", "unknown", "This list has no such parameter.");
        }

        var ascending = Sort is not (null or ['-', ..]);
        var wanted = Sort is null ? sorts[0].Name : Sort.TrimStart('-');
        var sort = sorts.FirstOrDefault(candidate => candidate.Name == wanted && Sort is not ['-', '-', ..]);
        if (sort.Name is null)
        {
            errors.Add("/sort", "invalid", $"The list is ordered by {string.Join(" or ", sorts.Select(candidate => candidate.Name))}, with a minus for descending.");
            sort = sorts[0];
        }

        // What is not a whole number is out of range like 0.
        int? limit = Limit is null ? null : int.TryParse(Limit, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var seal = http.RequestServices.GetRequiredService<CursorSeal>();
        var list = ListPage.Identity(http.Request, sort.Name, ascending);

        // An empty one would be taken for none.
        var cursor = Cursor is null ? null : seal.Open(list, Cursor) ?? "!";
        PageRequest request;
        try
        {
            request = new PageRequest(limit, cursor, sort.Order, ascending);
        }
        catch (ErrorException paging) when (!errors.IsEmpty)
        {
            throw ErrorException.Validation([.. errors.All, .. paging.Fields]);
        }

        errors.ThrowIfAny();
        return new ListPage(request, list, seal);
    }
}
