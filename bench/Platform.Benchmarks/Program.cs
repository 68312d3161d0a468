using System.Globalization;
using Platform.Benchmarks.Outbox;
using Platform.Benchmarks.Outbox.Peers;
using Platform.Benchmarks.Redaction;

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

if (args is ["outbox", ..])
{
    var figures = await new OutboxSuite(args.Contains("--quick"), Console.Out).RunAsync(CancellationToken.None);
    foreach (var (name, value) in figures)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {value:0.###}"));
    }
}

if (args is ["redaction", ..])
{
    foreach (var (name, value) in new RedactionSuite(args.Contains("--quick"), Console.Out).Run())
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {value:0.###}"));
    }
}

return 0;
