using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Platform.Contracts.Answers;
using Platform.Contracts.Model;

namespace Platform.Contracts.Fuzzing;

/// <summary>
/// Sends requests that are made from a document to the API that it describes. Three things must not happen: a status of 500 or more, an answer that is not
/// documented, and no answer at all.
/// </summary>
/// <param name="document">What the API says of itself.</param>
/// <param name="address">Where it is.</param>
/// <param name="token">A token for everything.</param>
/// <param name="seed">The same seed makes the same requests, as far as the answers are the same.</param>
internal sealed class FuzzRun(ContractDocument document, Uri address, string token, int seed)
{
    private const int MaxFindings = 40;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // What the server answers by itself to what is no proper HTTP, before anything of the API runs.
    private static readonly HashSet<int> OfTheServer = [400, 408, 411, 413, 414, 431, 501, 505];

    // A held-back answer is no hang.
    private static readonly Dictionary<string, string> Given = new() { ["wait"] = "0" };

    private readonly KnownValues _known = new();
    private readonly ConcurrentDictionary<string, string> _findings = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, int> _statuses = new();
    private readonly ConcurrentDictionary<string, int> _succeeded = new(StringComparer.Ordinal);
    private long _sent;

    /// <summary>Sends until so many were sent, or the time is over, or there is too much to tell.</summary>
    public async Task<FuzzReport> RunAsync(long requests, TimeSpan limit, int workers, CancellationToken cancellationToken)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(limit);
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.All, ActivityHeadersPropagator = null }) { Timeout = Patience };
        await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => WorkAsync(client, new Random(seed + worker), requests, time.Token)));
        return new FuzzReport(
            Math.Min(requests, Interlocked.Read(ref _sent)),
            new SortedDictionary<int, int>(_statuses),
            [.. document.Operations.Select(operation => operation.Id).Except(_succeeded.Keys)],
            new SortedDictionary<string, string>(_findings, StringComparer.Ordinal));
    }

    private async Task WorkAsync(HttpClient client, Random random, long requests, CancellationToken cancellationToken)
    {
        var source = new RequestSource(document, _known, random, Given);
        while (!cancellationToken.IsCancellationRequested && _findings.Count < MaxFindings && Interlocked.Increment(ref _sent) <= requests)
        {
            var request = source.Next();
            try
            {
                await SendAsync(client, request, random, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
            }
            catch (TaskCanceledException)
            {
                Add(request, "no answer within 30 s");
            }
            catch (Exception exception) when (exception is HttpRequestException or FormatException or UriFormatException or ArgumentException)
            {
                // The server may close the connection of one that it refuses, and the client refuses to send some.
                if (exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError })
                {
                    Add(request, "the server is gone");
                    return;
                }
            }
        }
    }

    private async Task SendAsync(HttpClient client, FuzzRequest request, Random random, CancellationToken cancellationToken)
    {
        using var message = request.ToMessage(address, token);
        using var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var status = (int)response.StatusCode;
        _statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
        if (!response.Headers.Contains("X-Response-Time-Ms"))
        {
            if (!OfTheServer.Contains(status))
            {
                Add(request, $"{status} without anything of the API");
            }

            return;
        }

        if (status >= 500)
        {
            Add(request, $"{status} {await BodyAsync(response, cancellationToken)}");
            return;
        }

        if (document.Find(request.Method == "HEAD" ? "GET" : request.Method, request.Target) is not { } operation)
        {
            await CheckOutsideAsync(request, response, cancellationToken);
            return;
        }

        foreach (var finding in await AnswerCheck.CheckAsync(operation, response, cancellationToken))
        {
            Add(request, $"{operation.Id} {status}: {finding}");
        }

        await LearnAsync(request, operation, response, random, cancellationToken);
    }

    // Nothing is documented there: it has to be refused, in the form of every error.
    private async Task CheckOutsideAsync(FuzzRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        var isProblem = response.Content.Headers.ContentType?.MediaType == "application/problem+json" || request.Method is "HEAD" or "OPTIONS";
        if (status is < 400 or >= 500 && response.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.OK) || (status >= 400 && !isProblem))
        {
            Add(request, $"outside the document: {status} {await BodyAsync(response, cancellationToken)}");
        }
    }

    private async Task LearnAsync(FuzzRequest request, ContractOperation operation, HttpResponseMessage response, Random random, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            return;
        }

        _succeeded.AddOrUpdate(operation.Id, 1, (_, count) => count + 1);
        if (response.Headers.ETag is { } tag)
        {
            _known.Tag(response.Headers.Location?.ToString() ?? request.Target.Split('?')[0], tag.ToString());
        }

        if (request.Method == "HEAD" || response.Content.Headers.ContentType?.MediaType != "application/json" || random.Next(4) > 0)
        {
            return;
        }

        using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken), new JsonDocumentOptions { MaxDepth = 512 });
        _known.Learn(operation.Path, body.RootElement, random);
    }

    private static async Task<string> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return text.Length > 300 ? text[..300] : text;
    }

    // One of a kind: trace ids and times tell nothing.
    private void Add(FuzzRequest request, string what)
    {
        var kind = string.Concat(what.Take(160).Select(c => char.IsAsciiDigit(c) && what.Length > 40 ? '#' : c));
        _findings.TryAdd($"{request.Operation.Id} {kind}", $"{what}\n{request}");
    }
}
