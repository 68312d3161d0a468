using System.Text.Json.Serialization;

namespace Platform.Benchmarks.Outbox.Contract;

/// <summary>What the suite asks of a peer: one line of JSON on standard input.</summary>
/// <param name="Do">The command's name.</param>
/// <param name="Count">Events.</param>
/// <param name="PerTransaction">Events in one transaction of the application.</param>
/// <param name="Rate">Events a second.</param>
/// <param name="LimitSeconds">When to give up.</param>
public sealed record PeerRequest(string Do, int Count = 0, int PerTransaction = 1, int Rate = 0, double LimitSeconds = 60);

/// <summary>What the peer answers: one line of JSON on standard output.</summary>
/// <param name="Error">What went wrong, if anything did.</param>
/// <param name="Seconds">Time from release until the last effect was committed.</param>
/// <param name="CpuSeconds">User and system time of the peer's process meanwhile.</param>
/// <param name="Handled">Effects that were committed.</param>
/// <param name="Calls">Calls of the handler.</param>
/// <param name="OutOfOrder">See <see cref="HandledLog.OutOfOrder"/>.</param>
/// <param name="Ticks">Timestamps by event number: before the commit, or of the handler's start.</param>
public sealed record PeerReply(
    string? Error = null,
    double Seconds = 0,
    double CpuSeconds = 0,
    int Handled = 0,
    int Calls = 0,
    int OutOfOrder = 0,
    IReadOnlyList<long>? Ticks = null);

/// <summary>The JSON of both.</summary>
[JsonSerializable(typeof(PeerRequest))]
[JsonSerializable(typeof(PeerReply))]
public sealed partial class PeerJson : JsonSerializerContext;
