namespace Platform.Embedded;

/// <summary>
/// Something that the person who starts the topology has to know and can put right. The message says what and how; it
/// is shown as it is, without a stack trace.
/// </summary>
public sealed class EmbeddedException : Exception
{
    public EmbeddedException(string message)
        : base(message)
    {
    }

    public EmbeddedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
