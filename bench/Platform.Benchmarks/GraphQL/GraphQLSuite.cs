using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Platform.Benchmarks.Http;
using Platform.GraphQL.Tests.Limits;

namespace Platform.Benchmarks.GraphQL;

/// <summary>
/// Suite <c>graphql</c>: processor time a request of GraphQL over a bare minimal API and over Apollo Server, all on the same data in the same PostgreSQL, each
/// server on one core; what refused requests cost; and how many statements a question takes. Medians over rounds that take turns.
/// </summary>
/// <param name="quick">Fewer requests and rounds.</param>
/// <param name="output">Where the table goes.</param>
internal sealed class GraphQLSuite(bool quick, TextWriter output)
{
    private const int Connections = 8;

    // Both runtimes compile what is called often once more, and that on the one core that they serve from.
    private const int WarmUpRounds = 4;
    private const string Path = "/api/graphql/";
    private const string Product = "query Product($id: ID!) { product(id: $id) { id sku name active price { amount currency } } }";
    private const string Orders =
        "query Orders($first: Int) { orders(first: $first) { edges { node { id status total { amount currency } placedAt customer { name email } "
        + "lines { quantity productName product { sku name } } } } pageInfo { hasNextPage endCursor } } }";

    private readonly int _rounds = quick ? 5 : 7;
    private readonly int _small = quick ? 1_500 : 5_000;
    private readonly int _large = quick ? 150 : 600;

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        await using var database = await GraphQLDatabase.StartAsync(cancellationToken);
        var apolloFolder = await InstallApolloAsync(cancellationToken);
        (string, string) connection = (GraphQLHost.Connection, database.ConnectionString);
        await using var bare = await StartAsync(GraphQLHost.Bare, connection);
        await using var served = await StartAsync(GraphQLHost.Served, connection);
        await using var apollo = await ChildHost.StartAsync(
            "taskset",
            ["-c", "0", "node", System.IO.Path.Combine(apolloFolder, "server.mjs"), System.IO.Path.Combine(Here(), "../../../Platform.GraphQL/schema.graphql"), JsonSerializer.Serialize(database.NodeConnection)],
            ("NODE_ENV", "production"));
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null, MaxConnectionsPerServer = Connections });

        var product = await FirstProductAsync(client, served, cancellationToken);
        var figures = new Dictionary<string, double>();
        await MeasureAsync(client, bare, served, apollo, product, figures, cancellationToken);
        await RefuseAsync(client, served, figures, cancellationToken);
        figures["quiet_ms_p95"] = await AnswerAsync(client, served, attackers: 0, cancellationToken);
        figures["attacked_ms_p95"] = await AnswerAsync(client, served, attackers: 4, cancellationToken);
        figures["sql_statements"] = await CountStatementsAsync(client, served, cancellationToken);
        return figures;
    }

    private static Task<ChildHost> StartAsync(string kind, (string, string) connection) => ChildHost.StartAsync(
        "taskset", ["-c", "0", "dotnet", typeof(GraphQLSuite).Assembly.Location, GraphQLHost.Command, kind], connection);

    private async Task MeasureAsync(
        HttpClient client, ChildHost bare, ChildHost served, ChildHost apollo, string product, Dictionary<string, double> figures, CancellationToken cancellationToken)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Product)));
        var variables = Uri.EscapeDataString(JsonSerializer.Serialize(new { id = product }));
        var byHash = new Uri(served.Address, $"{Path}?queryHash={hash}&variables={variables}");
        var ofBare = new Uri(bare.Address, $"/products/{product}");
        var one = JsonSerializer.Serialize(new { query = Product, variables = new { id = product } });
        var many = JsonSerializer.Serialize(new { query = Orders, variables = new { first = 20 } });
        var registered = await PostAsync(client, new Uri(served.Address, Path), JsonSerializer.Serialize(new { query = Product, variables = new { id = product }, queryHash = hash }), cancellationToken);
        (string Name, ChildHost Host, Func<HttpRequestMessage> Ask, int Requests)[] contenders =
        [
            ("one product: bare minimal API", bare, () => new(HttpMethod.Get, ofBare), _small),
            ("one product: persisted query", served, () => new(HttpMethod.Get, byHash), _small),
            ("one product: query", served, () => Post(served, one), _small),
            ("one product: Apollo Server", apollo, () => Post(apollo, one), _small),
            ("20 orders: query", served, () => Post(served, many), _large),
            ("20 orders: Apollo Server", apollo, () => Post(apollo, many), _large),
        ];
        await CheckAsync(client, contenders, registered, cancellationToken);
        var times = contenders.ToDictionary(contender => contender.Name, _ => new List<double>());
        foreach (var (_, _, ask, requests) in contenders)
        {
            await LoadAsync(client, ask, requests * WarmUpRounds, cancellationToken);
        }

        for (var round = 0; round < _rounds; round++)
        {
            foreach (var (name, host, ask, requests) in contenders)
            {
                var before = host.ProcessorTime;
                await LoadAsync(client, ask, requests, cancellationToken);
                times[name].Add((host.ProcessorTime - before).TotalMicroseconds / requests);
            }
        }

        var medians = times.ToDictionary(pair => pair.Key, pair => pair.Value.Order().ElementAt(pair.Value.Count / 2));
        foreach (var (name, median) in medians)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-32} {median,8:0.0} us of processor time a request"));
        }

        figures["hash_path_vs_bare"] = Math.Round(medians["one product: bare minimal API"] / medians["one product: persisted query"], 3);
        figures["vs_apollo"] = Math.Round(medians["20 orders: Apollo Server"] / medians["20 orders: query"], 2);
        figures["vs_apollo_one_product"] = Math.Round(medians["one product: Apollo Server"] / medians["one product: query"], 2);
    }

    // Contenders that do not say the same are no contenders.
    private static async Task CheckAsync(
        HttpClient client, (string Name, ChildHost Host, Func<HttpRequestMessage> Ask, int Requests)[] contenders, string registered, CancellationToken cancellationToken)
    {
        var answers = new List<string>();
        foreach (var contender in contenders)
        {
            using var request = contender.Ask();
            using var response = await client.SendAsync(request, cancellationToken);
            answers.Add(await response.Content.ReadAsStringAsync(cancellationToken));
        }

        static bool Same(string one, string other) => JsonElement.DeepEquals(
            JsonSerializer.Deserialize<JsonElement>(one).GetProperty("data"), JsonSerializer.Deserialize<JsonElement>(other).GetProperty("data"));
        if (answers[0] != answers[1] || answers[1] != registered || !Same(answers[2], answers[3]) || !Same(answers[4], answers[5]))
        {
            throw new InvalidOperationException("The servers do not give the same answers:\n" + string.Join('\n', answers));
        }
    }

    private async Task RefuseAsync(HttpClient client, ChildHost served, Dictionary<string, double> figures, CancellationToken cancellationToken)
    {
        const int Times = 20;
        var url = new Uri(served.Address, Path);
        var (worst, largest) = (0.0, 0);
        foreach (var (name, body) in Attacks.All())
        {
            var (status, bytes) = await RefusedAsync(client, url, body, cancellationToken);
            var before = served.ProcessorTime;
            for (var i = 0; i < Times; i++)
            {
                await RefusedAsync(client, url, body, cancellationToken);
            }

            var cpu = (served.ProcessorTime - before).TotalMilliseconds / Times;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-40} {(int)status} {cpu,6:0.0} ms {bytes,6} bytes"));
            (worst, largest) = (Math.Max(worst, cpu), Math.Max(largest, bytes));
        }

        figures["refuse_cpu_ms_max"] = Math.Round(worst, 1);
        figures["refuse_bytes_max"] = largest;
    }

    // How long others wait for an ordinary answer while attacks come in, each attacker as fast as it is refused.
    private static async Task<double> AnswerAsync(HttpClient client, ChildHost served, int attackers, CancellationToken cancellationToken)
    {
        const int Requests = 300;
        var body = JsonSerializer.Serialize(new { query = "{ products(first: 2) { edges { node { name } } } }" });
        var url = new Uri(served.Address, Path);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var attacks = Attacks.All().ToArray();
        var flood = Enumerable.Range(0, attackers).Select(async attacker =>
        {
            for (var i = attacker; !over.IsCancellationRequested; i++)
            {
                await RefusedAsync(client, url, attacks[i % attacks.Length].Body, cancellationToken);
            }
        }).ToArray();
        var times = new List<double>(Requests);
        for (var i = 0; i < Requests; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await PostAsync(client, url, body, cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        await over.CancelAsync();
        await Task.WhenAll(flood);
        return Math.Round(times.Order().ElementAt(Requests * 95 / 100), 1);
    }

    private static async Task<(HttpStatusCode Status, int Bytes)> RefusedAsync(HttpClient client, Uri url, string body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Accept.ParseAdd("application/graphql-response+json");
        using var response = await client.SendAsync(request, cancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return response.StatusCode is HttpStatusCode.OK or HttpStatusCode.InternalServerError
            ? throw new InvalidOperationException($"Not refused: {Encoding.UTF8.GetString(bytes)}")
            : (response.StatusCode, bytes.Length);
    }

    private static async Task<double> CountStatementsAsync(HttpClient client, ChildHost served, CancellationToken cancellationToken)
    {
        var statements = new Uri(served.Address, GraphQLHost.Statements);
        var body = JsonSerializer.Serialize(new { query = Orders, variables = new { first = 100 } });
        var before = long.Parse(await client.GetStringAsync(statements, cancellationToken), CultureInfo.InvariantCulture);
        await PostAsync(client, new Uri(served.Address, Path), body, cancellationToken);
        return long.Parse(await client.GetStringAsync(statements, cancellationToken), CultureInfo.InvariantCulture) - before;
    }

    private static async Task<string> FirstProductAsync(HttpClient client, ChildHost served, CancellationToken cancellationToken)
    {
        var answer = await PostAsync(client, new Uri(served.Address, Path), "{\"query\":\"{ products(first: 1) { edges { node { id } } } }\"}", cancellationToken);
        return JsonSerializer.Deserialize<JsonElement>(answer).GetProperty("data").GetProperty("products").GetProperty("edges")[0].GetProperty("node").GetProperty("id").GetString()!;
    }

    private static HttpRequestMessage Post(ChildHost host, string body) => new(HttpMethod.Post, new Uri(host.Address, Path))
    {
        Content = new StringContent(body, Encoding.UTF8, "application/json"),
    };

    private static async Task<string> PostAsync(HttpClient client, Uri url, string body, CancellationToken cancellationToken)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(url, content, cancellationToken);
        return await response.Content.ReadAsStringAsync(cancellationToken);
    }

    private static async Task LoadAsync(HttpClient client, Func<HttpRequestMessage> ask, int requests, CancellationToken cancellationToken)
    {
        var left = requests;
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                using var request = ask();
                using var response = await client.SendAsync(request, cancellationToken);
                if (response.StatusCode != HttpStatusCode.OK)
                {
                    throw new InvalidOperationException($"The server answered {response.StatusCode}.");
                }

                await response.Content.CopyToAsync(Stream.Null, cancellationToken);
            }
        }));
    }

    // Beside the built program, so that nothing is installed into the sources.
    private static async Task<string> InstallApolloAsync(CancellationToken cancellationToken)
    {
        var folder = System.IO.Path.Combine(AppContext.BaseDirectory, "GraphQL", "apollo");
        if (!Directory.Exists(System.IO.Path.Combine(folder, "node_modules")))
        {
            using var install = Process.Start(new ProcessStartInfo("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]) { WorkingDirectory = folder })!;
            await install.WaitForExitAsync(cancellationToken);
            if (install.ExitCode != 0)
            {
                throw new InvalidOperationException("npm could not install Apollo Server.");
            }
        }

        return folder;
    }

    private static string Here([CallerFilePath] string path = "") => System.IO.Path.GetDirectoryName(path)!;
}
