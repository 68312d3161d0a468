using System.Diagnostics;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Npgsql;
using Platform.EndToEnd.Tests;
using Platform.EndToEnd.Tests.Canary;
using Platform.Testing;

[assembly: AssemblyFixture(typeof(RunningPlatform))]

namespace Platform.EndToEnd.Tests;

/// <summary>The whole platform, started once for all tests of this program as a person would, on throwaway data and free ports.</summary>
public sealed class RunningPlatform : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);

    private readonly StringBuilder _output = new();
    private readonly string _endpoints = Path.Combine(Path.GetTempPath(), $"platform-{Environment.ProcessId}-{Environment.TickCount64}.json");
    private readonly Collector _collector = new();
    private readonly IReadOnlyDictionary<string, string> _environment;
    private Process _host = null!;

    public RunningPlatform()
        : this(new Dictionary<string, string>())
    {
    }

    /// <param name="environment">What its processes find in their environment besides.</param>
    internal RunningPlatform(IReadOnlyDictionary<string, string> environment) => _environment = environment;

    public static string Root { get; } = Metadata("PlatformRoot");

    /// <summary>Takes each line of standard output, in the place of <see cref="Output"/>.</summary>
    internal Action<string>? Line { get; init; }

    /// <summary>Gets the telemetry of all hosts.</summary>
    internal Collector Collector => _collector;

    /// <summary>The hosts of the platform itself, by name.</summary>
    public IReadOnlyDictionary<string, Uri> Hosts { get; private set; } = null!;

    public Uri Api { get; private set; } = null!;

    public Uri GraphQL { get; private set; } = null!;

    public Uri Gateway { get; private set; } = null!;

    public string Postgres { get; private set; } = null!;

    public int ProcessId => _host.Id;

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public async ValueTask InitializeAsync()
    {
        // Before all else: what each process sends is looked through by a test.
        _host = Start(["--ephemeral", "--endpoints", _endpoints], Collect, new Dictionary<string, string>(_environment)
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _collector.Address.ToString(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "3000",
        });
        await Eventually.BecomesTrueAsync(() => Task.FromResult(File.Exists(_endpoints) || _host.HasExited), StartLimit);
        if (_host.HasExited)
        {
            throw new InvalidOperationException(Output);
        }

        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(_endpoints));
        Api = Address("api");
        GraphQL = Address("graphql");
        Gateway = Address("payment-gateway");
        Hosts = new[] { "api", "graphql", "worker" }.Where(name => document.RootElement.TryGetProperty(name, out _)).ToDictionary(name => name, Address);
        Postgres = document.RootElement.GetProperty("postgres").GetString()!;

        Uri Address(string name) => new(document.RootElement.GetProperty(name).GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        Signals.Send(_host.Id, Signals.Terminate);
        await _host.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        _host.Dispose();
        _collector.Dispose();
    }

    /// <summary>A client of the API with a token of the development client.</summary>
    public async Task<HttpClient> ClientAsync()
    {
        var client = new HttpClient { BaseAddress = Api };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = "demo",
            ["client_secret"] = "demo-secret",
        });
        using var response = await client.PostAsync(new Uri("connect/token", UriKind.Relative), form);
        using var token = JsonDocument.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.RootElement.GetProperty("access_token").GetString());
        return client;
    }

    /// <summary>What the gateway's own ledger holds for an order.</summary>
    public async Task<IReadOnlyList<(string Status, string Id)>> ChargesAsync(string order)
    {
        using var client = new HttpClient { BaseAddress = Gateway };
        using var charges = await client.JsonAsync($"v1/charges?orderId={order}");
        return [.. charges.RootElement.GetProperty("items").EnumerateArray()
            .Select(charge => (charge.GetProperty("status").GetString()!, charge.GetProperty("id").GetString()!))];
    }

    /// <summary>Asks the platform's database; the value is the statement's one parameter.</summary>
    public async Task<string?> ScalarAsync(string sql, string value)
    {
        await using var database = NpgsqlDataSource.Create(Postgres);
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = value });
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) as string;
    }

    /// <summary>Starts an AppHost; what it prints goes to <paramref name="line"/>.</summary>
    internal static Process Start(IEnumerable<string> arguments, Action<string> line, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Root };
        start.ArgumentList.Add(Metadata("AppHostAssembly"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var host = Process.Start(start)!;
        host.OutputDataReceived += (_, e) => line(e.Data ?? "");
        host.ErrorDataReceived += (_, e) => line(e.Data ?? "");
        host.BeginOutputReadLine();
        host.BeginErrorReadLine();
        return host;
    }

    private static string Metadata(string key) => typeof(RunningPlatform).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;

    private void Collect(string line)
    {
        if (Line is { } take)
        {
            take(line);
            return;
        }

        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
