using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Serialization.Metadata;

namespace Platform.Client;

// One request as the generated methods put it together.
internal sealed class PlatformRequest(HttpMethod method, string path)
{
    private readonly StringBuilder _query = new();
    private readonly List<KeyValuePair<string, string>> _headers = [];
    private HttpContent? _content;

    /// <summary>A value as one segment of a path.</summary>
    public static string Segment<T>(T value) => Uri.EscapeDataString(Text(value) ?? "");

    public PlatformRequest Query<T>(string name, T? value)
    {
        if (Text(value) is { } text)
        {
            _query.Append(_query.Length == 0 ? '?' : '&').Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(text));
        }

        return this;
    }

    public PlatformRequest Header<T>(string name, T? value)
    {
        if (Text(value) is { } text)
        {
            _headers.Add(new(name, text));
        }

        return this;
    }

    public PlatformRequest Json<T>(T? body, JsonTypeInfo<T> type, string mediaType)
    {
        _content = body is null ? null : JsonContent.Create(body, type, new MediaTypeHeaderValue(mediaType));
        return this;
    }

    public HttpRequestMessage ToMessage()
    {
        // Below the base address, so that an API behind a prefix is found.
        var message = new HttpRequestMessage(method, new Uri(path + _query, UriKind.Relative)) { Content = _content };
        foreach (var (name, value) in _headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }

    private static string? Text<T>(T value) => value switch
    {
        null => null,
        bool truth => truth ? "true" : "false",
        DateTimeOffset time => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}
