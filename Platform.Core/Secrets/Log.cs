using Microsoft.Extensions.Logging;

namespace Platform.Secrets;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "The secret {Name} begins to be rotated to version {Version} ({Trigger})")]
    public static partial void RotationBegins(ILogger logger, string name, Guid version, RotationTrigger trigger);

    [LoggerMessage(2, LogLevel.Information, "The rotation of the secret {Name} to version {Version} goes on with step {Step}")]
    public static partial void RotationResumes(ILogger logger, string name, Guid version, RotationStep step);

    [LoggerMessage(3, LogLevel.Information, "The secret {Name} has version {Version} in use")]
    public static partial void Promoted(ILogger logger, string name, Guid version);

    [LoggerMessage(4, LogLevel.Information, "The version of the secret {Name} that {Version} replaced is worth nothing any more")]
    public static partial void Retired(ILogger logger, string name, Guid version);

    [LoggerMessage(5, LogLevel.Warning, "Step {Step} of the rotation of the secret {Name} failed, try {Attempt}: {Error}")]
    public static partial void StepFailed(ILogger logger, string name, RotationStep step, int attempt, string error);

    [LoggerMessage(6, LogLevel.Error, "The rotation of the secret {Name} was given up at step {Step} and goes back: {Error}")]
    public static partial void GivenUp(ILogger logger, string name, RotationStep step, string error);

    [LoggerMessage(7, LogLevel.Warning, "The secret {Name} went back to the version before {Version}")]
    public static partial void RolledBack(ILogger logger, string name, Guid version);

    [LoggerMessage(8, LogLevel.Warning, "The credential {Reference} of the secret {Name} has no keeper; removed: {Removed}")]
    public static partial void Orphan(ILogger logger, string name, string reference, bool removed);

    [LoggerMessage(9, LogLevel.Warning, "The secret {Name} is due for rotation at {DueAt}; the schedule does it: {Automatic}")]
    public static partial void Expiring(ILogger logger, string name, DateTimeOffset dueAt, bool automatic);

    [LoggerMessage(10, LogLevel.Warning, "The secret {Name} could not be looked after: {Error}")]
    public static partial void NotLookedAfter(ILogger logger, string name, string error, Exception exception);

    [LoggerMessage(11, LogLevel.Information, "{Count} versions of secrets were sealed anew with the current key-encryption key")]
    public static partial void Rewrapped(ILogger logger, int count);
}
