namespace Platform.Embedded.Engine;

/// <summary>How long to wait before something that crashed is started again: twice as long each time, up to a limit.</summary>
internal sealed class RestartBackoff
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    public static readonly TimeSpan Most = TimeSpan.FromSeconds(5);

    /// <summary>A process that was ready for this long counts as healthy: its next crash is a first one.</summary>
    public static readonly TimeSpan Forgiven = TimeSpan.FromSeconds(30);

    private TimeSpan _next = First;

    /// <param name="wasReadyFor">How long the process that has ended was ready; zero if it never was.</param>
    public TimeSpan Next(TimeSpan wasReadyFor)
    {
        if (wasReadyFor >= Forgiven)
        {
            _next = First;
        }
        var delay = _next;
        _next = _next * 2 < Most ? _next * 2 : Most;
        return delay;
    }
}
