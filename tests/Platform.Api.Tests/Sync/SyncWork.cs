using System.Net;
using Platform.Api.Tests.Support;

namespace Platform.Api.Tests.Sync;

/// <summary>What goes on at the server while clients are kept in step with it.</summary>
internal static class SyncWork
{
    /// <summary>Registers customers, changes them, and removes every third.</summary>
    public static async Task WriteAsync(this HttpClient http, string writer, int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            using var created = await http.PostJsonAsync("/api/v1/customers", $$"""{ "name": "{{writer}}", "email": "{{writer}}-{{i}}@example.com" }""");
            var path = created.Headers.Location!.ToString();
            using var patched = await http.SendJsonAsync(HttpMethod.Patch, path, $$"""{ "name": "{{writer}} {{i}}" }""");
            if (i % 3 == 0)
            {
                using var request = new HttpRequestMessage(HttpMethod.Delete, path);
                request.Headers.IfMatch.Add(patched.Headers.ETag!);
                using var deleted = await http.SendAsync(request, TestContext.Current.CancellationToken);
                Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
            }
        }
    }

    /// <summary>What the server has, by id.</summary>
    public static async Task<SortedDictionary<string, string>> EverythingAsync(this HttpClient http)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var list in (string[])["customers", "products", "orders"])
        {
            string? cursor = null;
            do
            {
                var page = await http.GetJsonAsync($"/api/v1/{list}?limit=100{(cursor is null ? "" : $"&cursor={cursor}")}");
                foreach (var item in page["items"]!.AsArray())
                {
                    all[item!["id"]!.GetValue<string>()] = item.ToJsonString();
                }

                cursor = page["next"]?.GetValue<string>();
            }
            while (cursor is not null);
        }

        return all;
    }
}
