using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults.FeatureFlags;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "Flags answer by version {Version} of the database, {Count} items")]
    public static partial void Serving(ILogger logger, long version, int count);

    [LoggerMessage(2, LogLevel.Debug, "Flags answer by version {Version} from the file of {SavedAt} until the database answers")]
    public static partial void ServingFile(ILogger logger, long version, DateTimeOffset savedAt);

    [LoggerMessage(3, LogLevel.Warning, "The host starts without the database of flags; they come from: {Source}, version {Version}")]
    public static partial void StartedWithout(ILogger logger, FlagSource source, long version);

    [LoggerMessage(4, LogLevel.Warning, "The database of flags is away; version {Version} goes on answering")]
    public static partial void DatabaseAway(ILogger logger, long version, Exception exception);

    [LoggerMessage(5, LogLevel.Information, "The database of flags answers, at version {Version}")]
    public static partial void DatabaseBack(ILogger logger, long version);

    [LoggerMessage(6, LogLevel.Error, "The database is at version {Version} of the flags, and {Newest} was there already: an older copy? Restart the hosts to take it")]
    public static partial void DatabaseIsOlder(ILogger logger, long version, long newest);

    [LoggerMessage(7, LogLevel.Debug, "The connection that hears of changed flags was lost")]
    public static partial void ListenerLost(ILogger logger, Exception exception);

    [LoggerMessage(8, LogLevel.Debug, "A change of flags was not told over Redis; hosts learn of it from the database")]
    public static partial void NotAnnounced(ILogger logger, Exception exception);

    [LoggerMessage(9, LogLevel.Warning, "The saved flags cannot be read")]
    public static partial void FileUnreadable(ILogger logger, Exception exception);

    [LoggerMessage(10, LogLevel.Warning, "The flags cannot be saved for a start without the database")]
    public static partial void FileUnwritable(ILogger logger, Exception exception);

    [LoggerMessage(11, LogLevel.Warning, "The configuration {Path} cannot be read as a flag, at {Pointer}")]
    public static partial void Misconfigured(ILogger logger, string path, string pointer);

    [LoggerMessage(12, LogLevel.Warning, "The flag at {Pointer} is off, as it cannot be read: {Problem}")]
    public static partial void Unreadable(ILogger logger, string pointer, string problem);
}
