namespace Platform.Messaging;

/// <summary>Names under which messaging reports.</summary>
public static class MessagingTelemetry
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Name = "Platform.Messaging";

    /// <summary>The baggage item that holds the caller's correlation id, if it gave one.</summary>
    public const string CorrelationBaggage = "correlation.id";
}
