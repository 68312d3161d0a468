using Platform.Benchmarks.Outbox.Contract;

namespace Platform.Benchmarks.Outbox.Peers;

/// <summary>The peers that this program is itself, when the suite starts it again with the argument <c>outbox-peer</c>.</summary>
internal static class PeerEntry
{
    public const string Command = "outbox-peer";

    public static Task<int> RunAsync(string name, string profile) => PeerProgram.RunAsync(profile, settings => name switch
    {
        "platform" => new PlatformPeer(settings),
        "raw-copy" => new RawCopyPeer(settings),
        "raw-ef" => new RawEfPeer(settings),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such peer."),
    });
}
