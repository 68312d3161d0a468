using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Platform.Client;
using Platform.Identifiers;
using Platform.Redaction;
using Platform.Testing;

namespace Platform.EndToEnd.Tests;

/// <summary>
/// What the running platform logs under load holds no personal data, so whatever is found in it, or was taken out of it, is a false hit. Some hundred lines of requests that
/// the platform traces by default; <c>PLATFORM_CLEAN_LINES=1000000</c> starts a platform of its own that logs everything, keeps the lines in the file that
/// <c>PLATFORM_CLEAN_LOG</c> names, and allows ten hits in a million.
/// </summary>
[Collection("one platform, and one test kills its worker")]
public sealed class CleanLogTests(RunningPlatform shared, ITestOutputHelper output)
{
    private const int ShortForm = 100;
    private const int Callers = 8;

    // What redaction leaves in the place of a value.
    private static readonly string[] Marks = ["***", "[redacted]", "<pii:", ".*.*"];

    private static readonly PiiDetector Detector = new();

    private readonly Lock _gate = new();
    private readonly List<string> _hits = [];
    private long _lines;

    [Fact]
    public async Task Log_of_the_running_platform_has_no_false_hits()
    {
        var lines = long.TryParse(Environment.GetEnvironmentVariable("PLATFORM_CLEAN_LINES"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 0;
        if (lines == 0)
        {
            await ShortAsync();
        }
        else
        {
            await LongAsync(lines);
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_lines} lines, {_hits.Count} hits"));
        Assert.True(_hits.Count <= _lines / 100_000, string.Join('\n', _hits.Take(20)));
    }

    // Other tests of the same platform bring personal data: only lines of this test's own traces count.
    private async Task ShortAsync()
    {
        var traces = $"c1ea{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
        using var api = await shared.ClientAsync();
        var (customer, product) = (await api.FirstIdAsync("customers"), await api.FirstIdAsync("products"));
        var number = 0;
        var seen = 0;
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                api.DefaultRequestHeaders.Remove("traceparent");
                api.DefaultRequestHeaders.Add("traceparent", $"00-{traces}{++number:x16}-00f067aa0ba902b7-01");
                await api.PlaceOrderAsync(customer, product);
                await Assert.ThrowsAsync<PlatformException>(() => new PlatformClient(api).Orders.GetOrderAsync(Uuid7.Next(TimeProvider.System)));
                var mine = shared.Output.Split('\n').Where(line => line.Contains(traces, StringComparison.Ordinal)).ToList();
                foreach (var line in mine.Skip(seen))
                {
                    Look(line);
                }

                seen = mine.Count;
                return seen >= ShortForm || number >= ShortForm;
            },
            TimeSpan.FromSeconds(60));
        Assert.True(_lines > 0, "Nothing was logged.");
    }

    private async Task LongAsync(long lines)
    {
        await using var kept = Environment.GetEnvironmentVariable("PLATFORM_CLEAN_LOG") is { Length: > 0 } file ? new StreamWriter(file) : StreamWriter.Null;
        await using var platform = new RunningPlatform(new Dictionary<string, string>
        {
            ["Logging__LogLevel__Default"] = "Debug",
            ["Platform__RateLimiting__Enabled"] = "false",
            ["Platform__Logging__StormThreshold"] = "0",
        })
        {
            Line = line =>
            {
                // Servers that the platform starts write their own logs, with the addresses that they listen on.
                if (line.StartsWith("postgres ", StringComparison.Ordinal) || line.StartsWith("redis ", StringComparison.Ordinal))
                {
                    return;
                }

                lock (kept)
                {
                    kept.WriteLine(line);
                }

                Look(line);
            },
        };
        await platform.InitializeAsync();
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            using var api = await platform.ClientAsync();
            var (customer, product) = (await api.FirstIdAsync("customers"), await api.FirstIdAsync("products"));
            for (var i = caller; Interlocked.Read(ref _lines) < lines; i++)
            {
                var path = (i % 5) switch { 0 => "", 1 => "api/v1/products?limit=20", 2 => "api/v1/orders?limit=20", 3 => $"api/v1/products/{product}", _ => $"api/v1/orders/{Uuid7.Next(TimeProvider.System)}" };
                if (path.Length == 0)
                {
                    await api.PlaceOrderAsync(customer, product);
                    continue;
                }

                using var response = await api.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            }
        }));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(started).TotalSeconds:0} s"));
    }

    private void Look(string line)
    {
        Interlocked.Increment(ref _lines);
        var found = Detector.Detect(line);
        if (found.Count == 0 && !Marks.Any(mark => line.Contains(mark, StringComparison.Ordinal)))
        {
            return;
        }

        lock (_gate)
        {
            _hits.Add($"{string.Join(", ", found.Select(match => $"{match} '{match.ValueIn(line)}'"))} in {line}");
        }
    }
}
