using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Platform.Domain.Paging;

namespace Platform.Api.Http;

// Which page of a list: ?limit=20&cursor=... Texts, so that one that does not fit is told as a field error.
internal sealed record PageQuery(
    [FromQuery(Name = "limit")] string? Limit,
    [FromQuery(Name = "cursor")] string? Cursor)
{
    public PageRequest ToRequest()
    {
        // What is not a whole number is out of range like 0.
        int? limit = Limit is null ? null : int.TryParse(Limit, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        return new PageRequest(limit, Cursor);
    }
}
