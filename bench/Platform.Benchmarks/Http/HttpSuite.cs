using System.Globalization;
using System.Net;

namespace Platform.Benchmarks.Http;

/// <summary>
/// Suite <c>http</c>: processor time a request through everything that stands before an endpoint (time headers, correlation, tracing, errors, load
/// shedding, compression, conditions, limits, logs), over bare Kestrel with the same endpoint. Medians over rounds that take turns.
/// </summary>
/// <param name="quick">Fewer requests.</param>
/// <param name="output">Where the table goes.</param>
internal sealed class HttpSuite(bool quick, TextWriter output)
{
    private const int Rounds = 7;
    private const int Connections = 8;
    private const string Path = "/things/01900000-0000-7000-8000-000000000001";

    private readonly int _requests = quick ? 4_000 : 20_000;

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        await using var bare = await ChildHost.StartAsync("bare");
        await using var logged = await ChildHost.StartAsync("logged");
        await using var sampled = await ChildHost.StartAsync("sampled");
        (string Name, ChildHost Host, bool Conditional)[] contenders =
        [
            ("bare", bare, false), ("logged", logged, false), ("sampled", sampled, false), ("not modified", sampled, true),
        ];
        var times = contenders.ToDictionary(contender => contender.Name, _ => new List<double>());
        for (var round = 0; round <= Rounds; round++)
        {
            foreach (var (name, host, conditional) in contenders)
            {
                var before = host.ProcessorTime;
                await LoadAsync(host.Address, conditional, _requests, cancellationToken);
                if (round > 0)
                {
                    times[name].Add((host.ProcessorTime - before).TotalMicroseconds / _requests);
                }
            }
        }

        var medians = times.ToDictionary(pair => pair.Key, pair => pair.Value.Order().ElementAt(pair.Value.Count / 2));
        foreach (var (name, median) in medians)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-14} {median,7:0.0} us of processor time a request, {median / medians["bare"]:0.00} of bare"));
        }

        return new Dictionary<string, double>
        {
            ["cpu_ratio_logged"] = Math.Round(medians["logged"] / medians["bare"], 3),
            ["cpu_ratio_sampled"] = Math.Round(medians["sampled"] / medians["bare"], 3),
            ["cpu_ratio_304"] = Math.Round(medians["not modified"] / medians["bare"], 3),
        };
    }

    private static async Task LoadAsync(Uri address, bool conditional, int requests, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null, MaxConnectionsPerServer = Connections }) { BaseAddress = address };
        var left = requests;
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, Path);
                if (conditional)
                {
                    request.Headers.TryAddWithoutValidation("If-None-Match", HttpHost.Tag);
                }

                using var response = await client.SendAsync(request, cancellationToken);
                if (response.StatusCode != (conditional ? HttpStatusCode.NotModified : HttpStatusCode.OK))
                {
                    throw new InvalidOperationException($"The server answered {response.StatusCode}.");
                }

                await response.Content.CopyToAsync(Stream.Null, cancellationToken);
            }
        }));
    }
}
