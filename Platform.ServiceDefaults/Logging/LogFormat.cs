namespace Platform.ServiceDefaults.Logging;

/// <summary>The form of a log line on standard output.</summary>
public enum LogFormat
{
    /// <summary>For people in a terminal, for machines where standard output is redirected.</summary>
    Auto,

    /// <summary>One JSON object a line.</summary>
    Json,

    /// <summary>For people.</summary>
    Text,
}
