namespace Platform.Messaging.Tests.Support;

/// <summary>The system's clock, set to another time whenever a test wants it. What is measured goes on as before.</summary>
internal sealed class JumpingClock : TimeProvider
{
    public TimeSpan Offset { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
}
