using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Platform.Domain.Paging;

namespace Platform.Api.Http;

/// <summary>One page of one list, as it was asked for.</summary>
internal sealed class ListPage(PageRequest request, string list, CursorSeal seal)
{
    public PageRequest Request => request;

    public long KeyMark => seal.KeyMark;

    // The list, its filter and its order: what a cursor of it is good for.
    public static string Identity(HttpRequest request, string sort, bool ascending)
    {
        var identity = new StringBuilder(request.Path.Value).Append('?').Append(ascending ? '+' : '-').Append(sort);
        foreach (var (name, value) in request.Query.Where(pair => pair.Key is not ("limit" or "cursor" or "sort")).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            identity.Append('&').Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value.ToString()));
        }

        return identity.ToString();
    }

    /// <summary>Seals the cursor of the next page, and leads there with <c>Link</c> (RFC 8288).</summary>
    public string? Next(HttpContext http, string? cursor)
    {
        var sealedCursor = cursor is null ? null : seal.Seal(list, cursor);
        var links = $"<{Address(http.Request, null)}>; rel=\"first\"";
        http.Response.Headers[HeaderNames.Link] =
            sealedCursor is null ? links : $"{links}, <{Address(http.Request, sealedCursor)}>; rel=\"next\"";
        return sealedCursor;
    }

    private static string Address(HttpRequest request, string? cursor)
    {
        var query = request.Query.Where(pair => pair.Key is not "cursor").Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value.ToString()));
        return QueryHelpers.AddQueryString(
            request.PathBase.Add(request.Path).ToUriComponent(), cursor is null ? query : query.Append(KeyValuePair.Create<string, string?>("cursor", cursor)));
    }
}
