using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Platform.ServiceDefaults.Tests.Support;

namespace Platform.ServiceDefaults.Tests.Telemetry;

/// <summary>
/// A collector that is away, never answers or refuses is nobody's problem: requests are as quick as with one that works, memory is bounded, and what
/// is lost is counted. <c>PLATFORM_OUTAGE_SECONDS=1800</c> makes it half an hour for each, and asks for a median ratio of 1.05; 2 s is the default.
/// </summary>
public sealed partial class CollectorOutageTests(ITestOutputHelper output)
{
    private const int Workers = 4;
    private const double MaxRatio = 1.05;
    private const long MaxGrowth = 96 * 1024 * 1024;

    private static readonly double Seconds = double.TryParse(Environment.GetEnvironmentVariable("PLATFORM_OUTAGE_SECONDS"), CultureInfo.InvariantCulture, out var asked) ? asked : 2;

    // Below a minute the best of few short rounds counts, of more where none of them will do, and a difference below 2 ms is the scheduler's: who waits for a collector waits for a
    // second, in every round.
    private static readonly bool IsLong = Seconds >= 60;
    private static readonly double NoiseMs = IsLong ? 0 : 2;
    private static readonly int Rounds = IsLong ? 31 : 5;
    private static readonly int MostRounds = IsLong ? 31 : 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("away")]
    [InlineData("slow")]
    [InlineData("refusing")]
    public async Task Requests_do_not_feel_a_collector_that_is(string trouble)
    {
        await using var works = await StubServer.StartAsync((_, _) => Task.CompletedTask);
        await using var fails = await StubServer.StartAsync((context, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return trouble == "slow" ? Task.Delay(Timeout.Infinite, context.RequestAborted) : Task.CompletedTask;
        });
        await using var usual = await HostAsync(works.Address);
        await using var host = await HostAsync(trouble == "away" ? new Uri("http://127.0.0.1:9") : fails.Address);
        await LoadAsync(usual, host, TimeSpan.FromSeconds(Math.Max(0.5, Seconds / 30)));
        var before = host.WorkingSet;

        // In turns, so that whatever else the machine does hits both; a request that waits for telemetry does so in every round.
        List<(double Usual, double Troubled)> rounds = [];
        while (rounds.Count < Rounds || (rounds.Count < MostRounds && !Holds(Deciding(rounds))))
        {
            rounds.Add(await LoadAsync(usual, host, TimeSpan.FromSeconds(Seconds / Rounds)));
        }

        await Until.TrueAsync(async () => await LostAsync(host) > 0, "what was lost to be counted");
        var lost = await LostAsync(host);
        var growth = host.WorkingSet - before;
        var deciding = Deciding(rounds);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"collector {trouble}: p99 {Median(rounds.Select(round => round.Troubled)):0.00} ms, {Median(rounds.Select(round => round.Usual)):0.00} ms with one that works; ratio {Median(rounds.Select(round => round.Troubled / round.Usual)):0.000} (median of {rounds.Count}); lost {lost}, memory {growth / 1024 / 1024} MiB more"));
        Assert.True(Holds(deciding), $"p99 is {deciding.Troubled:0.00} ms, {deciding.Usual:0.00} ms with a collector that works.");
        Assert.InRange(growth, long.MinValue, MaxGrowth);
    }

    private static (double Usual, double Troubled) Deciding(List<(double Usual, double Troubled)> rounds) =>
        rounds.OrderBy(round => round.Troubled / round.Usual).ElementAt(IsLong ? rounds.Count / 2 : 0);

    private static bool Holds((double Usual, double Troubled) round) => round.Troubled <= (round.Usual * MaxRatio) + NoiseMs;

    private static Task<HostProcess> HostAsync(Uri collector) => HostProcess.StartAsync(
        "Platform.ServiceDefaults.TestHost",
        ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.ToString()),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "1000"),
        ("OTEL_BSP_SCHEDULE_DELAY", "100"),
        ("OTEL_BLRP_SCHEDULE_DELAY", "100"));

    /// <summary>Asks both for a while, in turns.</summary>
    /// <returns>The 99th percentile of each, in milliseconds.</returns>
    private static async Task<(double Usual, double Troubled)> LoadAsync(HostProcess usual, HostProcess troubled, TimeSpan length)
    {
        var started = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(Enumerable.Range(0, Workers).Select(async worker =>
        {
            List<double> first = [], second = [];
            for (var i = worker; Stopwatch.GetElapsedTime(started) < length; i++)
            {
                var (a, b) = i % 2 == 0 ? (usual, troubled) : (troubled, usual);
                var (x, y) = (await TimeAsync(a), await TimeAsync(b));
                first.Add(i % 2 == 0 ? x : y);
                second.Add(i % 2 == 0 ? y : x);
            }

            return (first, second);
        }));
        return (P99([.. times.SelectMany(time => time.first)]), P99([.. times.SelectMany(time => time.second)]));
    }

    private static async Task<double> TimeAsync(HostProcess host)
    {
        var started = Stopwatch.GetTimestamp();
        using var response = await host.Client.GetAsync("/log?text=outage", Cancel);
        response.EnsureSuccessStatusCode();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static double P99(double[] times)
    {
        Array.Sort(times);
        return times[(int)(times.Length * 0.99)];
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static async Task<long> LostAsync(HostProcess host) =>
        Lost().Matches(await host.Client.GetStringAsync("/metrics", Cancel)).Sum(match => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"(?m)^platform_telemetry_dropped_total\{[^}]*\} (\d+)")]
    private static partial Regex Lost();
}
