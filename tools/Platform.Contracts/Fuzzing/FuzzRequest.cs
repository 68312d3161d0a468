using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Platform.Contracts.Model;

namespace Platform.Contracts.Fuzzing;

/// <summary>One request, as it goes over the wire.</summary>
/// <param name="Operation">What it was made for.</param>
/// <param name="Method">Mostly that of the operation.</param>
/// <param name="Target">Path and query, escaped already.</param>
/// <param name="Headers">Field by field.</param>
/// <param name="ContentType">That of the body; null for none.</param>
/// <param name="Body">The body; null for none.</param>
/// <param name="Anonymous">Whether the token is left out.</param>
internal sealed record FuzzRequest(
    ContractOperation Operation,
    string Method,
    string Target,
    IReadOnlyList<(string Name, string Value)> Headers,
    string? ContentType,
    byte[]? Body,
    bool Anonymous)
{
    public HttpRequestMessage ToMessage(Uri address, string token)
    {
        // As it is: the point is what the server makes of it.
        var uri = new Uri($"{address.GetLeftPart(UriPartial.Authority)}{Target}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var message = new HttpRequestMessage(new HttpMethod(Method), uri);
        if (!Anonymous)
        {
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        foreach (var (name, value) in Headers)
        {
            message.Headers.Remove(name);
            message.Headers.TryAddWithoutValidation(name, value);
        }

        if (Body is not null)
        {
            message.Content = new ByteArrayContent(Body);
            if (ContentType is not null)
            {
                message.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
            }
        }

        return message;
    }

    public override string ToString()
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Method} {Target}");
        foreach (var (name, value) in Headers)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  {name}: {value}");
        }

        if (Body is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  {ContentType}: {Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, 2_000)))}");
        }

        return text.Append(Anonymous ? "\n  (no token)" : "").ToString();
    }
}
