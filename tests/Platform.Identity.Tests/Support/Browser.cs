using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using Platform.Api.Tests.Support;

namespace Platform.Identity.Tests.Support;

/// <summary>A browser without scripts: keeps cookies, reads forms, follows nothing by itself.</summary>
internal sealed partial class Browser : IDisposable
{
    private readonly HttpClient _http;

    public Browser(ApiServer server) =>
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server.ClientOptions.BaseAddress };

    /// <summary>By name; only what has not been deleted.</summary>
    public Dictionary<string, string> Cookies { get; } = new(StringComparer.Ordinal);

    /// <summary>Every <c>Set-Cookie</c> so far.</summary>
    public List<string> SetCookies { get; } = [];

    public HttpClient Http => _http;

    public Task<Answer> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<Answer> PostAsync(string path, IEnumerable<KeyValuePair<string, string>> form) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form) });

    /// <summary>Fills in the form of a page and sends it.</summary>
    public Task<Answer> SubmitAsync(Answer page, params (string Name, string Value)[] fields)
    {
        var form = page.Form();
        foreach (var (name, value) in fields)
        {
            form.Fields[name] = value;
        }

        return PostAsync(form.Action, form.Fields);
    }

    /// <summary>Signs in on the login page.</summary>
    public async Task<Answer> SignInAsync(string name, string password, string goOn = "/account") =>
        await SubmitAsync(await GetAsync(QueryHelpers.AddQueryString("/account/login", "return", goOn)), ("name", name), ("password", password));

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        if (Cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        }

        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        foreach (var set in response.Headers.TryGetValues("Set-Cookie", out var values) ? values : [])
        {
            SetCookies.Add(set);
            var pair = set.Split(';')[0].Split('=', 2);
            if (pair[1].Length == 0)
            {
                Cookies.Remove(pair[0]);
            }
            else
            {
                Cookies[pair[0]] = pair[1];
            }
        }

        return new Answer(
            response.StatusCode,
            response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase),
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public void Dispose() => _http.Dispose();

    internal sealed partial record Answer(HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, string Body)
    {
        public string? Location => Headers.GetValueOrDefault("Location");

        /// <summary>Where the page leads on to by itself.</summary>
        public string? Refresh => RefreshTag().Match(Body) is { Success: true } match ? WebUtility.HtmlDecode(match.Groups[1].Value) : null;

        /// <summary>A parameter of the address that the answer leads to.</summary>
        public string? Parameter(string name) =>
            Location is { } location && QueryHelpers.ParseQuery(new Uri(new Uri("http://x"), location).Query).TryGetValue(name, out var value) ? value.ToString() : null;

        public (string Action, Dictionary<string, string> Fields) Form()
        {
            var form = FormTag().Match(Body);
            Assert.True(form.Success, $"{Status} has no form: {Body}");
            return (
                WebUtility.HtmlDecode(form.Groups[1].Value),
                HiddenTag().Matches(Body).ToDictionary(tag => WebUtility.HtmlDecode(tag.Groups[1].Value), tag => WebUtility.HtmlDecode(tag.Groups[2].Value)));
        }

        [GeneratedRegex("""<form method="post" action="([^"]*)">""")]
        private static partial Regex FormTag();

        [GeneratedRegex("""<input type="hidden" name="([^"]*)" value="([^"]*)">""")]
        private static partial Regex HiddenTag();

        [GeneratedRegex("""<meta http-equiv="refresh" content="0;url=([^"]*)">""")]
        private static partial Regex RefreshTag();
    }
}
