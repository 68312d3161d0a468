using System.Globalization;
using Platform.Benchmarks.Http;

namespace Platform.Benchmarks.Drain;

/// <summary>
/// Suite <c>drain</c>: requests that fail when a server is asked to stop under load and its balancer goes on sending for a second; and the same of bare Kestrel.
/// </summary>
/// <param name="quick">Fewer signals.</param>
/// <param name="output">Where the table goes.</param>
internal sealed class DrainSuite(bool quick, TextWriter output)
{
    private const int Loops = 16;

    private static readonly TimeSpan Lag = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        var signals = quick ? 5 : 20;
        var failed = 0;
        var served = 0;
        var unclean = 0;
        for (var i = 0; i < signals; i++)
        {
            var (ok, bad, code) = await OnceAsync("sampled", keepsConnections: i % 2 == 0, cancellationToken);
            (served, failed, unclean) = (served + ok, failed + bad, unclean + (code == 0 ? 0 : 1));
        }

        var (bareServed, bareFailed, _) = await OnceAsync("bare", keepsConnections: true, cancellationToken);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"platform  {signals,3} signals, {served,7} served, {failed,5} failed"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"bare        1 signal,  {bareServed,7} served, {bareFailed,5} failed"));
        return new Dictionary<string, double> { ["failed_requests"] = failed, ["unclean_exits"] = unclean, ["bare_failed_requests"] = bareFailed };
    }

    private static async Task<(int Served, int Failed, int ExitCode)> OnceAsync(string kind, bool keepsConnections, CancellationToken cancellationToken)
    {
        await using var host = await ChildHost.StartAsync(kind, ("Platform__Drain__Delay", "00:00:02.500"));
        using var balancer = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = keepsConnections ? Timeout.InfiniteTimeSpan : TimeSpan.Zero })
        {
            BaseAddress = host.Address,
        };
        var (sending, served, failed) = (1, 0, 0);
        var loops = Enumerable.Range(0, Loops).Select(async _ =>
        {
            while (Volatile.Read(ref sending) == 1)
            {
                try
                {
                    using var response = await balancer.GetAsync("/work", cancellationToken);
                    response.EnsureSuccessStatusCode();
                    Interlocked.Increment(ref served);
                }
                catch (HttpRequestException)
                {
                    Interlocked.Increment(ref failed);
                    await Task.Yield();
                }
            }
        }).ToArray();
        await Task.Delay(WarmUp, cancellationToken);
        await host.TerminateAsync();
        await Task.Delay(Lag, cancellationToken);
        Volatile.Write(ref sending, 0);
        await Task.WhenAll(loops);
        return (served, failed, await host.ExitAsync());
    }
}
