using System.Globalization;
using System.Net;
using System.Text.Json;
using Platform.Contracts.Model;

namespace Platform.Contracts.Answers;

/// <summary>Holds an answer against the document: its status, its header fields, its body.</summary>
internal static class AnswerCheck
{
    // What any server sends, with any answer: the exchange and not the contract.
    private static readonly HashSet<string> OfTheExchange = new(StringComparer.OrdinalIgnoreCase)
    {
        "Date", "Content-Type", "Content-Length", "Content-Encoding", "Transfer-Encoding", "Connection", "Keep-Alive", "Cache-Control", "Vary", "Age", "Server",
        "Set-Cookie", "X-Content-Type-Options", "Content-Security-Policy", "Referrer-Policy", "X-Frame-Options", "Cross-Origin-Opener-Policy", "Permissions-Policy",
        "Strict-Transport-Security",
    };

    /// <summary>What does not fit; nothing when the answer is as documented.</summary>
    public static async Task<IReadOnlyList<string>> CheckAsync(ContractOperation operation, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var status = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
        if (!operation.Responses.TryGetValue(status, out var documented))
        {
            return [$"the status {status} is not documented"];
        }

        var findings = new List<string>();
        CheckHeaders(documented, answer, findings);
        await CheckBodyAsync(documented, answer, findings, cancellationToken);
        return findings;
    }

    private static void CheckHeaders(ContractResponse documented, HttpResponseMessage answer, List<string> findings)
    {
        var fields = answer.Headers.Concat(answer.Content.Headers).ToDictionary(
            field => field.Key, field => string.Join(", ", field.Value), StringComparer.OrdinalIgnoreCase);
        foreach (var (name, header) in documented.Headers)
        {
            if (fields.TryGetValue(name, out var value))
            {
                SchemaCheck.CheckText(header.Schema, value, name, findings);
            }
            else if (header.Required)
            {
                findings.Add($"the header field {name} is not there");
            }
        }

        foreach (var name in fields.Keys.Where(name => !documented.Headers.ContainsKey(name) && !OfTheExchange.Contains(name)))
        {
            findings.Add($"the header field {name} is not documented");
        }
    }

    private static async Task CheckBodyAsync(ContractResponse documented, HttpResponseMessage answer, List<string> findings, CancellationToken cancellationToken)
    {
        if (answer.RequestMessage?.Method == HttpMethod.Head || answer.StatusCode is HttpStatusCode.NotModified)
        {
            return;
        }

        var type = answer.Content.Headers.ContentType?.MediaType;
        if (type == "text/event-stream" && documented.Content.ContainsKey(type))
        {
            // It has no end. What it tells is for whoever reads it.
            return;
        }

        var body = await DecodedAsync(answer.Content, cancellationToken);
        if (body.Length == 0 && documented.Content.Count == 0)
        {
            return;
        }

        if (type is null || !documented.Content.TryGetValue(type, out var schema))
        {
            findings.Add($"the media type {type ?? "none"} is not documented");
            return;
        }

        try
        {
            using var json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 512 });
            findings.AddRange(SchemaCheck.Check(schema, json.RootElement));
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // The latter is a text with half a surrogate pair.
            findings.Add("the body is no JSON");
        }
    }

    private static async Task<byte[]> DecodedAsync(HttpContent content, CancellationToken cancellationToken)
    {
        // Kept in the content: whoever asked reads it after this.
        var body = await content.ReadAsByteArrayAsync(cancellationToken);
        if (body.Length == 0 || content.Headers.ContentEncoding.SingleOrDefault() is not { } coding)
        {
            return body;
        }

        return await ContentCoding.DecodeAsync(coding, body, cancellationToken);
    }
}
