using Platform.Benchmarks.Outbox.Contract;
using Platform.Benchmarks.Wolverine;

if (args is not [var route, var profile])
{
    Console.Error.WriteLine("Usage: queue|queue-ef|local|batch fast|defaults|prompt");
    return 2;
}

return await PeerProgram.RunAsync(profile, settings => new WolverinePeer(settings, Enum.Parse<WolverineRoute>(route.Replace("-", "", StringComparison.Ordinal), ignoreCase: true)));
