using Platform.Embedded.Network;

namespace Platform.Testing;

/// <summary>Ports on loopback for programs that a test starts.</summary>
public static class FreePort
{
    /// <summary>One that nobody holds now, and that no outgoing connection is given.</summary>
    public static int Find() => LoopbackPort.FindFree();
}
