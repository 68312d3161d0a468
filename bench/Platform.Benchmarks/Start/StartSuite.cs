using System.Globalization;

namespace Platform.Benchmarks.Start;

/// <summary>Suite <c>start</c>: how long someone waits between the command and the line <c>ready in N s</c>, after a build.</summary>
/// <param name="quick">One round rather than five.</param>
/// <param name="output">Where the table goes.</param>
internal sealed class StartSuite(bool quick, TextWriter output)
{
    private const int Rounds = 5;

    /// <summary>Runs the AppHost in its default way: its usual ports have to be free.</summary>
    /// <returns><c>ready_s</c> on an empty data folder, <c>ready_again_s</c> on the data of that, <c>stop_s</c>: medians in seconds.</returns>
    public async Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        await AppHostRun.BuildAsync(cancellationToken);
        List<double> empty = [];
        List<double> kept = [];
        List<double> stop = [];
        output.WriteLine("round  empty data  kept data    stop");
        for (var round = 1; round <= (quick ? 1 : Rounds); round++)
        {
            using var folder = Embedded.Folders.ThrowawayFolder.Create();
            var first = await AppHostRun.RunAsync(folder.Path, cancellationToken);
            var second = await AppHostRun.RunAsync(folder.Path, cancellationToken);
            empty.Add(first.Ready);
            kept.Add(second.Ready);
            stop.Add(second.Stop);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{round,5}  {first.Ready,8:0.0} s  {second.Ready,7:0.0} s  {second.Stop,4:0.0} s"));
        }
        return new Dictionary<string, double> { ["ready_s"] = Median(empty), ["ready_again_s"] = Median(kept), ["stop_s"] = Median(stop) };
    }

    private static double Median(List<double> values) => Math.Round(values.Order().ElementAt(values.Count / 2), 2);
}
