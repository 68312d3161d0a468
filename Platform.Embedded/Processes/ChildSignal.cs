namespace Platform.Embedded.Processes;

/// <summary>The signals that children are sent. The numbers are the same on Linux and macOS (POSIX.1, signal.h).</summary>
internal enum ChildSignal
{
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
    Terminate = 15,
}
