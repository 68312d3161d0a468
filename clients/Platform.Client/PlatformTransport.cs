using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Platform.Client;

// Sends what the generated methods ask for, and reads what comes back.
internal sealed class PlatformTransport(HttpClient http)
{
    public async Task<Answer> SendAsync(PlatformRequest request, CancellationToken cancellationToken)
    {
        using var message = request.ToMessage();
        using var response = await http.SendAsync(message, cancellationToken).ConfigureAwait(false);
        await ThrowIfRefusedAsync(response, cancellationToken).ConfigureAwait(false);
        return new Answer(response);
    }

    public async Task<Answer<T>> SendAsync<T>(PlatformRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var message = request.ToMessage();
        using var response = await http.SendAsync(message, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode is HttpStatusCode.NotModified)
        {
            return new Answer<T>(response, default);
        }

        await ThrowIfRefusedAsync(response, cancellationToken).ConfigureAwait(false);
        return new Answer<T>(response, await response.Content.ReadFromJsonAsync(type, cancellationToken).ConfigureAwait(false));
    }

    public async IAsyncEnumerable<SseItem<string>> StreamAsync(PlatformRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var message = request.ToMessage();
        using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        await ThrowIfRefusedAsync(response, cancellationToken).ConfigureAwait(false);
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return item;
        }
    }

    private static async Task ThrowIfRefusedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        ProblemDetails? problem = null;
        if (response.Content.Headers.ContentType?.MediaType == "application/problem+json")
        {
            try
            {
                problem = await response.Content.ReadFromJsonAsync(PlatformJson.Default.ProblemDetails, cancellationToken).ConfigureAwait(false);
            }
            catch (JsonException)
            {
                // Something between here and the API wrote it. The status says enough.
            }
        }

        throw new PlatformException(response, problem);
    }
}
