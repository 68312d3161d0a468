using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Platform.Secrets;

namespace Platform.ServiceDefaults.Secrets;

/// <summary>Fills the requests of a profile in, sends them, and reads the answers. What is wrong is told by status alone: an answer may hold a value.</summary>
internal sealed partial class HttpKeyCalls(HttpClient http, HttpKeyProfile profile, IReadOnlyDictionary<string, string> settings)
{
    private const int MaxAnswer = 4 * 1024 * 1024;

    public async Task<(HttpStatusCode Status, JsonElement Answer)> SendAsync(
        HttpKeyRequest call, bool asAdmin, IReadOnlyDictionary<string, string> values, CancellationToken cancellationToken)
    {
        var address = (asAdmin ? profile.AdminAddress : profile.UseAddress ?? profile.AdminAddress)
            ?? throw new InvalidOperationException($"The provider has no {nameof(HttpKeyProfile.AdminAddress)}.");
        using var request = new HttpRequestMessage(new HttpMethod(call.Method), new Uri(address, Fill(call.Path, values, Uri.EscapeDataString)));
        foreach (var (name, text) in asAdmin ? call.Headers.Concat(profile.AdminHeaders) : call.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, Fill(text, values, static value => value));
        }

        if (call.Body is { } body)
        {
            request.Content = new StringContent(Fill(body, values, static value => JsonEncodedText.Encode(value).ToString()), Encoding.UTF8, "application/json");
        }

        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return (response.StatusCode, response.IsSuccessStatusCode ? await ReadAsync(response, cancellationToken) : default);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or Polly.ExecutionRejectedException)
        {
            throw new RotationException($"{call.Method} {call.Path}: {e.GetType().Name}.", e);
        }
    }

    /// <summary>As <see cref="SendAsync"/>, for an answer that has to be good.</summary>
    public async Task<JsonElement> AdministerAsync(HttpKeyRequest call, IReadOnlyDictionary<string, string> values, CancellationToken cancellationToken)
    {
        var (status, answer) = await SendAsync(call, asAdmin: true, values, cancellationToken);
        return (int)status is >= 200 and < 300
            ? answer
            : throw new RotationException(string.Create(CultureInfo.InvariantCulture, $"{call.Method} {call.Path} was answered {(int)status}."));
    }

    /// <summary>Reads a text by a pointer (RFC 6901); null where there is none.</summary>
    public static string? Text(JsonElement answer, string? pointer) => At(answer, pointer) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public static IEnumerable<JsonElement> Items(JsonElement answer, string? pointer) =>
        At(answer, pointer) is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : [];

    private static JsonElement? At(JsonElement element, string? pointer)
    {
        foreach (var part in (pointer ?? string.Empty).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (element.ValueKind is not JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element;
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await response.Content.LoadIntoBufferAsync(MaxAnswer, cancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (bytes.Length == 0)
        {
            return default;
        }

        using var document = JsonDocument.Parse(bytes);
        return document.RootElement.Clone();
    }

    private string Fill(string template, IReadOnlyDictionary<string, string> values, Func<string, string> encode) => Place().Replace(template, match =>
    {
        var name = match.Groups[1].Value;
        return encode(values.TryGetValue(name, out var value) || settings.TryGetValue(name, out value)
            ? value
            : throw new InvalidOperationException($"The provider needs the setting {name}."));
    });

    [GeneratedRegex(@"\{([A-Za-z]+)\}")]
    private static partial Regex Place();
}
