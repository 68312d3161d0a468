using System.Globalization;
using Platform.Benchmarks;
using Platform.Benchmarks.GraphQL;
using Platform.Benchmarks.Http;
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

if (args is [HttpHost.Command, var kind])
{
    await HttpHost.RunAsync(kind);
    return 0;
}

if (args is [GraphQLHost.Command, var graphql])
{
    await GraphQLHost.RunAsync(graphql);
    return 0;
}

return await SuiteRunner.RunAsync(args, CancellationToken.None);
