using Microsoft.Extensions.Logging;

namespace Platform.EntityFrameworkCore.Audit;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "The audit chain is at link {Sequence}, anchor {Anchor}")]
    public static partial void Anchor(ILogger logger, long sequence, string anchor);

    [LoggerMessage(2, LogLevel.Critical, "The audit chain was tampered with: {How}")]
    public static partial void Tampered(ILogger logger, string how);

    [LoggerMessage(3, LogLevel.Critical, "The audit row {EntryId} at position {Position} was not written with a key that is known here, and stays outside the chain")]
    public static partial void Forged(ILogger logger, long position, Guid entryId);
}
