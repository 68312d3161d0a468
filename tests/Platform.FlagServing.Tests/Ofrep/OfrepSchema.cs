using System.Text.Json;

namespace Platform.FlagServing.Tests.Ofrep;

/// <summary>The answers of the OpenFeature Remote Evaluation Protocol 0.3.0 (<c>service/openapi.yaml</c>), as rules.</summary>
internal static class OfrepSchema
{
    private static readonly string[] Reasons = ["STATIC", "TARGETING_MATCH", "SPLIT", "DISABLED", "UNKNOWN"];
    private static readonly string[] Failures = ["PARSE_ERROR", "TARGETING_KEY_MISSING", "INVALID_CONTEXT", "GENERAL"];
    private static readonly int[] SingleStatuses = [200, 400, 401, 403, 404, 429, 500];
    private static readonly int[] BulkStatuses = [200, 304, 400, 401, 403, 429, 500];

    /// <summary>Holds an answer of <c>POST /ofrep/v1/evaluate/flags/{key}</c> against the document.</summary>
    public static async Task<JsonElement> CheckSingleAsync(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        Assert.Contains(status, SingleStatuses);
        switch (status)
        {
            case 200:
                return Success(await JsonAsync(response));
            case 400:
                return Failure(await JsonAsync(response), Failures);
            case 404:
                return Failure(await JsonAsync(response), ["FLAG_NOT_FOUND"]);
            case 500:
                return General(await JsonAsync(response));
            default:
                return Bare(response);
        }
    }

    /// <summary>Holds an answer of <c>POST /ofrep/v1/evaluate/flags</c> against the document.</summary>
    public static async Task<JsonElement> CheckBulkAsync(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        Assert.Contains(status, BulkStatuses);
        switch (status)
        {
            case 200:
                Assert.Matches("^\"[^\"]+\"$", response.Headers.ETag?.ToString());
                return Bulk(await JsonAsync(response));
            case 304:
                Assert.NotNull(response.Headers.ETag);
                Assert.Empty(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
                return default;
            case 400:
                var failure = await JsonAsync(response);
                Assert.Contains(Text(failure, "errorCode"), Failures);
                Only(failure, "errorCode", "errorDetails");
                return failure;
            case 500:
                return General(await JsonAsync(response));
            default:
                return Bare(response);
        }
    }

    private static JsonElement Bulk(JsonElement body)
    {
        Only(body, "flags", "metadata", "eventStreams");
        foreach (var flag in body.GetProperty("flags").EnumerateArray())
        {
            _ = flag.TryGetProperty("errorCode", out _) ? Failure(flag, Failures) : Success(flag);
        }

        Metadata(body);
        foreach (var stream in body.GetProperty("eventStreams").EnumerateArray())
        {
            Only(stream, "type", "url", "endpoint", "inactivityDelaySec");
            Assert.Equal("sse", Text(stream, "type"));

            // One of the two says where.
            Assert.True(stream.TryGetProperty("url", out _) ^ stream.TryGetProperty("endpoint", out var endpoint));
            Only(endpoint, "origin", "requestUri");
            Assert.StartsWith("/", Text(endpoint, "requestUri"), StringComparison.Ordinal);
            Assert.True(stream.GetProperty("inactivityDelaySec").GetInt32() >= 0);
        }

        return body;
    }

    private static JsonElement Success(JsonElement body)
    {
        Only(body, "key", "value", "reason", "variant", "metadata");
        Assert.NotEmpty(Text(body, "key"));
        Assert.Contains(Text(body, "reason"), Reasons);
        if (body.TryGetProperty("value", out var value))
        {
            Assert.NotEqual(JsonValueKind.Null, value.ValueKind);
        }

        if (body.TryGetProperty("variant", out var variant))
        {
            Assert.Equal(JsonValueKind.String, variant.ValueKind);
        }

        Metadata(body);
        return body;
    }

    private static JsonElement Failure(JsonElement body, string[] codes)
    {
        Only(body, "key", "errorCode", "errorDetails");
        Assert.Equal(JsonValueKind.String, body.GetProperty("key").ValueKind);
        Assert.Contains(Text(body, "errorCode"), codes);
        Assert.NotEmpty(Text(body, "errorDetails"));
        return body;
    }

    private static JsonElement General(JsonElement body)
    {
        Only(body, "errorDetails");
        Assert.NotEmpty(Text(body, "errorDetails"));
        return body;
    }

    private static JsonElement Bare(HttpResponseMessage response)
    {
        if ((int)response.StatusCode == 429)
        {
            Assert.NotNull(response.Headers.RetryAfter);
        }

        return default;
    }

    private static void Metadata(JsonElement body)
    {
        if (body.TryGetProperty("metadata", out var metadata))
        {
            Assert.All(metadata.EnumerateObject(), entry => Assert.True(
                entry.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False));
        }
    }

    private static void Only(JsonElement body, params string[] names) => Assert.Empty(body.EnumerateObject().Select(member => member.Name).Except(names));

    private static string Text(JsonElement body, string name) => body.GetProperty(name).GetString()!;

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return FlagJsonText(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static JsonElement FlagJsonText(string text) => JsonSerializer.Deserialize<JsonElement>(text);
}
