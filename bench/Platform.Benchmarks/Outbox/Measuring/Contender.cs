using Platform.Benchmarks.Outbox.Contract;

namespace Platform.Benchmarks.Outbox.Measuring;

/// <summary>One row of the table: a peer in one configuration.</summary>
/// <param name="Key">Its database's name, and how figures refer to it.</param>
/// <param name="Title">What the table calls it.</param>
/// <param name="Program">Which program runs it.</param>
/// <param name="Route">The peer's name within the program; none where it has one only.</param>
/// <param name="Profile">Its configuration.</param>
/// <param name="Events">The backlog of one round.</param>
internal sealed record Contender(string Key, string Title, PeerPrograms.Program Program, string? Route, PeerProfile Profile, int Events)
{
    public IReadOnlyList<string> Command => [PeerPrograms.PathOf(Program), .. Prefix, .. Route is null ? [] : new[] { Route }, Profile.ToString()];

    private IEnumerable<string> Prefix => Program is PeerPrograms.Program.Own ? [Peers.PeerEntry.Command] : [];
}
