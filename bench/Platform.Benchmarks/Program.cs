using Platform.Benchmarks.Outbox.Peers;

if (args is [PeerEntry.Command, var peer, var profile])
{
    return await PeerEntry.RunAsync(peer, profile);
}

if (args is ["outbox", ..])
{
    await new Platform.Benchmarks.Outbox.OutboxSuite(args.Contains("--quick"), Console.Out).RunAsync(CancellationToken.None);
}

return 0;
