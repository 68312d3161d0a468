using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Platform.Errors;

namespace Platform.Api.Tests.Support;

internal static partial class Problems
{
    /// <summary>Checks that an answer is the problem document of a code, whole and without anything that belongs inside.</summary>
    public static async Task<JsonObject> AssertProblemAsync(this HttpResponseMessage response, ErrorCode code)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((HttpStatusCode)code.Status == response.StatusCode, $"{response.StatusCode} instead of {code}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);

        var problem = JsonNode.Parse(text)!.AsObject();
        Assert.Equal(code.Code, problem["code"]!.GetValue<string>());
        Assert.Equal($"/errors/{code.Code}", problem["type"]!.GetValue<string>());
        Assert.Equal(code.Title, problem["title"]!.GetValue<string>());
        Assert.Equal(code.Status, problem["status"]!.GetValue<int>());
        Assert.NotEmpty(problem["detail"]!.GetValue<string>());
        Assert.Matches("^[0-9a-f]{32}$", problem["traceId"]!.GetValue<string>());
        var timestamp = DateTimeOffset.Parse(problem["timestamp"]!.GetValue<string>(), CultureInfo.InvariantCulture);
        Assert.InRange(timestamp, TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow().AddMinutes(1));
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.DoesNotMatch(Internals(), text);

        if (problem["errors"] is JsonArray errors)
        {
            Assert.All(errors, error =>
            {
                Assert.Matches("^(/[^/]+)*$", error!["pointer"]!.GetValue<string>());
                Assert.Matches("^[a-z_]+$", error["code"]!.GetValue<string>());
                Assert.NotEmpty(error["message"]!.GetValue<string>());
            });
        }

        return problem;
    }

    /// <summary>The invalid fields as <c>pointer code</c>.</summary>
    public static IEnumerable<string> Fields(this JsonObject problem) =>
        problem["errors"]?.AsArray().Select(error => $"{error!["pointer"]} {error["code"]}") ?? [];

    // Names of types and parameters, stack frames, SQL, tables, hosts.
    [GeneratedRegex(
        @"System\.|Microsoft\.|Npgsql|Platform\.(?!Errors\b)[A-Z]|Exception|Request request|\bat \w+\.\w+\(|SELECT |INSERT |UPDATE |commerce\.|identity_|127\.0\.0\.1|localhost")]
    private static partial Regex Internals();
}
