using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Platform.Domain.Paging;

namespace Platform.Api.Http;

// Which page of a list: ?limit=20&cursor=... Texts, so that one that does not fit is told as a field error.
internal sealed record PageQuery(
    [FromQuery(Name = "limit"), Description("The most items to answer with.")] string? Limit,
    [FromQuery(Name = "cursor"), Description("The next of the page before; the first page without.")] string? Cursor)
{
    public PageRequest ToRequest()
    {
        // What is not a whole number is out of range like 0.
        int? limit = Limit is null ? null : int.TryParse(Limit, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        return new PageRequest(limit, Cursor);
    }
}
