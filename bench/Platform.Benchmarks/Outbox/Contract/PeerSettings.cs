namespace Platform.Benchmarks.Outbox.Contract;

/// <summary>How a peer is set up.</summary>
/// <param name="ConnectionString">Its own database.</param>
/// <param name="Profile">Which of its configurations.</param>
public sealed record PeerSettings(string ConnectionString, PeerProfile Profile);

/// <summary>A peer's configuration.</summary>
public enum PeerProfile
{
    /// <summary>What its documentation and its source recommend for throughput; named beside each setting.</summary>
    Fast,

    /// <summary>What a user gets who sets nothing.</summary>
    Defaults,

    /// <summary>As <see cref="Fast"/>, with one transaction for each event forced.</summary>
    Each,

    /// <summary>As <see cref="Fast"/>, tuned for the time from commit to handler instead of throughput.</summary>
    Prompt,

    /// <summary>As <see cref="Fast"/>, keeping events and marks as short as the library lets.</summary>
    Brief,
}
