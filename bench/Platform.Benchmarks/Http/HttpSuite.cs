using System.Globalization;
using System.Net;
using System.Text.Json;
using Platform.Benchmarks.Api;

namespace Platform.Benchmarks.Http;

/// <summary>
/// Suite <c>http</c>: processor time a request through everything that stands before an endpoint (time headers, correlation, tracing, errors, load
/// shedding, compression, authentication with the binding of tokens, authorization, conditions, limits, idempotency, budgets, logs), over bare Kestrel with the
/// same endpoint, and beside them what the telemetry of Aspire's project template costs there; and that of the real API's answers with a body over those without. Medians over rounds that take turns.
/// </summary>
/// <param name="quick">Fewer requests.</param>
/// <param name="output">Where the table goes.</param>
internal sealed class HttpSuite(bool quick, TextWriter output)
{
    private const int Rounds = 7;

    // Of each of the real API's answers: the compiler is busy with them for some thousands.
    private const int WarmUpOfApi = 10_000;

    private const int Connections = 8;

    // Until the runtime has compiled everything for good: what has more code would be charged for more of that.
    private const int WarmUp = 30_000;
    private const string Path = "/things/01900000-0000-7000-8000-000000000001";

    private readonly int _requests = quick ? 4_000 : 20_000;

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        await using var bare = await ChildHost.StartAsync("bare");
        await using var template = await ChildHost.StartAsync("template");
        await using var logged = await ChildHost.StartAsync("logged");
        await using var sampled = await ChildHost.StartAsync("sampled");
        (string Name, ChildHost Host, bool Conditional)[] contenders =
        [
            ("bare", bare, false), ("template", template, false), ("logged", logged, false), ("sampled", sampled, false), ("not modified", sampled, true),
        ];
        foreach (var (_, host, conditional) in contenders)
        {
            await LoadAsync(host.Address, conditional, WarmUp, cancellationToken);
        }

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

        var (list, resource) = await NotModifiedAsync(cancellationToken);
        return new Dictionary<string, double>
        {
            ["cpu_ratio_logged"] = Math.Round(medians["logged"] / medians["bare"], 3),
            ["cpu_ratio_sampled"] = Math.Round(medians["sampled"] / medians["bare"], 3),
            ["cpu_ratio_304"] = Math.Round(medians["not modified"] / medians["bare"], 3),
            ["cpu_ratio_template"] = Math.Round(medians["template"] / medians["bare"], 3),
            ["not_modified_speedup"] = list,
            ["not_modified_speedup_resource"] = resource,
        };
    }

    // The whole API with its database and a token: the first page of orders, and one order.
    private async Task<(double List, double Resource)> NotModifiedAsync(CancellationToken cancellationToken)
    {
        await using var api = await RealApi.StartAsync(cancellationToken);
        using var client = await api.ClientAsync(cancellationToken);
        const string list = "/api/v1/orders";
        using var page = JsonDocument.Parse(await client.GetByteArrayAsync(list, cancellationToken));
        var resource = $"{list}/{page.RootElement.GetProperty("items")[0].GetProperty("id").GetGuid()}";
        return (await SpeedupAsync(api, client, list, cancellationToken), await SpeedupAsync(api, client, resource, cancellationToken));
    }

    private async Task<double> SpeedupAsync(RealApi api, HttpClient client, string path, CancellationToken cancellationToken)
    {
        using var first = await client.GetAsync(path, cancellationToken);
        var tag = first.EnsureSuccessStatusCode().Headers.ETag!.Tag;
        var (whole, spared) = (new List<double>(), new List<double>());
        for (var round = 0; round <= Rounds; round++)
        {
            foreach (var (condition, times) in ((string?, List<double>)[])[(null, whole), (tag, spared)])
            {
                var before = api.ProcessorTime;
                var requests = round == 0 ? Math.Max(WarmUpOfApi, _requests / 4) : _requests / 4;
                await LoadAsync(client, path, condition, requests, cancellationToken);
                if (round > 0)
                {
                    times.Add((api.ProcessorTime - before).TotalMicroseconds / requests);
                }
            }
        }

        var (full, none) = (whole.Order().ElementAt(whole.Count / 2), spared.Order().ElementAt(spared.Count / 2));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{(path.Length > 20 ? "one order" : "orders"),-14} {full,7:0} us of processor time with a body, {none,7:0} us without, {full / none:0.0} times"));
        return Math.Round(full / none, 2);
    }

    private static async Task LoadAsync(Uri address, bool conditional, int requests, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null, MaxConnectionsPerServer = Connections }) { BaseAddress = address };
        await LoadAsync(client, Path, conditional ? HttpHost.Tag : null, requests, cancellationToken);
    }

    private static Task LoadAsync(HttpClient client, string path, string? tag, int requests, CancellationToken cancellationToken)
    {
        var left = requests;
        return Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
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
