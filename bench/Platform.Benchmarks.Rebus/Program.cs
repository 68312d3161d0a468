using Platform.Benchmarks.Outbox.Contract;
using Platform.Benchmarks.Rebus;

if (args is not [var profile])
{
    Console.Error.WriteLine("Usage: fast|defaults|prompt");
    return 2;
}

return await PeerProgram.RunAsync(profile, settings => new RebusPeer(settings));
