using System.Globalization;
using Platform.Benchmarks.Flags;
using Platform.Benchmarks.Outbox;
using Platform.Benchmarks.Outbox.Peers;

if (args is [PeerEntry.Command, var peer, var profile])
{
    return await PeerEntry.RunAsync(peer, profile);
}

if (args is [ChaosEntry.Command, "consume"])
{
    return await ChaosEntry.ConsumeAsync();
}

if (args is [ChaosEntry.Command, "send", var index, var senders])
{
    return await ChaosEntry.SendAsync(int.Parse(index, CultureInfo.InvariantCulture), int.Parse(senders, CultureInfo.InvariantCulture));
}

IReadOnlyDictionary<string, double> figures = args switch
{
    ["outbox", ..] => await new OutboxSuite(args.Contains("--quick"), Console.Out).RunAsync(CancellationToken.None),
    ["flags", ..] => await new FlagsSuite(args.Contains("--quick"), Console.Out).RunAsync(CancellationToken.None),
    _ => new Dictionary<string, double>(),
};
foreach (var (name, value) in figures)
{
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {value:0.###}"));
}

return 0;
