using System.Globalization;
using System.Net;

namespace Platform.Benchmarks.Http;

/// <summary>
/// Suite <c>http</c>: processor time a request through everything that stands before an endpoint (time headers, correlation, tracing, errors, load
/// shedding, compression, conditions, limits, budgets, logs), over bare Kestrel with the same endpoint. Medians over rounds that take turns. And how much
/// less a 304 from memory takes than the 200 that reads a row through EF Core; the database's own time is not counted.
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

        var speedup = await SpeedupAsync(cancellationToken);
        return new Dictionary<string, double>
        {
            ["cpu_ratio_logged"] = Math.Round(medians["logged"] / medians["bare"], 3),
            ["cpu_ratio_sampled"] = Math.Round(medians["sampled"] / medians["bare"], 3),
            ["cpu_ratio_304"] = Math.Round(medians["not modified"] / medians["bare"], 3),
            ["not_modified_speedup"] = Math.Round(speedup, 2),
        };
    }

    private async Task<double> SpeedupAsync(CancellationToken cancellationToken)
    {
        await using var database = await HttpDatabase.StartAsync(cancellationToken);
        await using var host = await ChildHost.StartAsync("data", (HttpHost.Connection, database.ConnectionString));
        var path = $"/things/{database.ProductId}";
        var tag = await TagAsync(host.Address, path, cancellationToken);
        var ratios = new List<double>();
        var (shown, unchanged) = (0d, 0d);
        for (var round = 0; round <= Rounds; round++)
        {
            shown = await TimeAsync(host, path, null);
            unchanged = await TimeAsync(host, path, tag);
            if (round > 0)
            {
                ratios.Add(shown / unchanged);
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"a row through EF Core {shown:0.0} us of the server's processor time, 304 from memory {unchanged:0.0}"));
        return ratios.Order().ElementAt(ratios.Count / 2);

        async Task<double> TimeAsync(ChildHost server, string where, string? known)
        {
            var before = server.ProcessorTime;
            await LoadAsync(server.Address, where, known, _requests / 4, cancellationToken);
            return (server.ProcessorTime - before).TotalMicroseconds / (_requests / 4);
        }
    }

    private static async Task<string> TagAsync(Uri address, string path, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = address };
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        return response.EnsureSuccessStatusCode().Headers.ETag!.ToString();
    }

    private static Task LoadAsync(Uri address, bool conditional, int requests, CancellationToken cancellationToken) =>
        LoadAsync(address, Path, conditional ? HttpHost.Tag : null, requests, cancellationToken);

    private static async Task LoadAsync(Uri address, string path, string? tag, int requests, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null, MaxConnectionsPerServer = Connections }) { BaseAddress = address };
        var left = requests;
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                if (tag is not null)
                {
                    request.Headers.TryAddWithoutValidation("If-None-Match", tag);
                }

                using var response = await client.SendAsync(request, cancellationToken);
                if (response.StatusCode != (tag is not null ? HttpStatusCode.NotModified : HttpStatusCode.OK))
                {
                    throw new InvalidOperationException($"The server answered {response.StatusCode}.");
                }

                await response.Content.CopyToAsync(Stream.Null, cancellationToken);
            }
        }));
    }
}
