using Microsoft.Extensions.Logging;

namespace Platform.EntityFrameworkCore.Messaging;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "The wake-up after a commit was not sent; consumers find the events with their next poll.")]
    public static partial void WakeUpFailed(ILogger logger, Exception exception);

    [LoggerMessage(2, LogLevel.Information, "Took lanes {Lanes} of subscription {Subscription}; {Owned} of {LaneCount} are here, {Members} processes share them.")]
    public static partial void LanesTaken(ILogger logger, string lanes, string subscription, int owned, int laneCount, int members);

    [LoggerMessage(3, LogLevel.Debug, "Let go of lane {Lane} of subscription {Subscription}.")]
    public static partial void LaneReleased(ILogger logger, short lane, string subscription);

    [LoggerMessage(4, LogLevel.Warning, "Lane {Lane} of subscription {Subscription} has another owner now; what was in hand was rolled back.")]
    public static partial void LaneLost(ILogger logger, short lane, string subscription);

    [LoggerMessage(5, LogLevel.Warning, "The connection that holds the lanes was lost; trying again in {Delay}.")]
    public static partial void OwnershipLost(ILogger logger, TimeSpan delay, Exception exception);

    [LoggerMessage(6, LogLevel.Warning, "Subscription {Subscription} cannot work at present; trying again in {Delay}.")]
    public static partial void WorkerOutage(ILogger logger, string subscription, TimeSpan delay, Exception exception);

    [LoggerMessage(7, LogLevel.Information, "A batch of {Count} events of subscription {Subscription} failed and is split.")]
    public static partial void BatchSplit(ILogger logger, int count, string subscription, Exception exception);

    [LoggerMessage(8, LogLevel.Warning, "Event {EventId} ({EventType}) failed in subscription {Subscription} at try {Attempt}; the next one is in {Delay}.")]
    public static partial void EventFailed(ILogger logger, Guid eventId, string eventType, string subscription, int attempt, TimeSpan delay, Exception exception);

    [LoggerMessage(9, LogLevel.Error, "Event {EventId} ({EventType}) is a dead letter of subscription {Subscription} after {Attempts} tries: {Reason}.")]
    public static partial void EventParked(ILogger logger, Guid eventId, string eventType, string subscription, int attempts, string reason, Exception? exception);

    [LoggerMessage(10, LogLevel.Error, "Handler {Handler} did not stop when it was cancelled; it was abandoned, and what it may still do has no effect.")]
    public static partial void HandlerAbandoned(ILogger logger, string handler);

    [LoggerMessage(11, LogLevel.Warning, "Owners of lane {Lane} of subscription {Subscription} died {Crashes} times in a row; its events are handled one at a time until one gets through.")]
    public static partial void LaneSuspect(ILogger logger, short lane, string subscription, int crashes);

    [LoggerMessage(12, LogLevel.Warning, "Job {Job} cannot be scheduled at present; trying again in {Delay}.")]
    public static partial void JobOutage(ILogger logger, string job, TimeSpan delay, Exception exception);

    [LoggerMessage(13, LogLevel.Error, "Job {Job} failed; it runs again with its next turn.")]
    public static partial void JobFailed(ILogger logger, string job, Exception exception);

    [LoggerMessage(14, LogLevel.Warning, "The lease of job {Job} was lost while it ran; it was cancelled.")]
    public static partial void LeaseLost(ILogger logger, string job);

    [LoggerMessage(15, LogLevel.Information, "Event {EventId} ({EventType}) of subscription {Subscription} is put off for {Delay}: {Reason}")]
    public static partial void EventPutOff(ILogger logger, Guid eventId, string eventType, string subscription, TimeSpan delay, string reason);

    [LoggerMessage(16, LogLevel.Warning, "The event feed was interrupted; it goes on from where it was.")]
    public static partial void FeedInterrupted(ILogger logger, Exception exception);

    [LoggerMessage(17, LogLevel.Warning, "Event {EventId} ({EventType}) cannot be read, and is not told by the feed.")]
    public static partial void FeedPassedOver(ILogger logger, Guid eventId, string eventType, Exception exception);
}
