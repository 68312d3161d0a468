namespace Platform.Redaction;

/// <summary>Who is going to read.</summary>
public enum RedactionAudience
{
    /// <summary>Logs, traces, metrics and whoever has access to the systems that keep them. Everything is masked, secrets are erased.</summary>
    Telemetry,

    /// <summary>Operators at work on a case. As for telemetry, but network addresses stay.</summary>
    Operator,

    /// <summary>The person whom the data is about. All stays but secrets.</summary>
    Subject,

    /// <summary>Anybody. Everything is erased.</summary>
    Public,
}
