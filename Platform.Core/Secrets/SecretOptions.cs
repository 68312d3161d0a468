using Platform.Messaging.Jobs;

namespace Platform.Secrets;

/// <summary>One secret. Section <c>Platform:Secrets:Items:&lt;name&gt;</c>; what is not set is as the code declares it.</summary>
public sealed class SecretOptions
{
    /// <summary>What rotates it: the kind of an <see cref="ISecretRotator"/>, such as <c>postgres-role</c>, <c>random</c>, <c>openai</c>.</summary>
    public string? Rotator { get; set; }

    /// <summary>How old a version may become.</summary>
    /// <value>90 days by default; any where there is <see cref="Cron"/>. Where there are both, what comes first counts.</value>
    public TimeSpan? MaxAge { get; set; }

    /// <summary>When to rotate, as a cron expression in UTC (<see cref="JobSchedule.Cron"/>).</summary>
    public string? Cron { get; set; }

    /// <summary>How long before it is due people are told.</summary>
    /// <value>7 days by default.</value>
    public TimeSpan? NotifyBefore { get; set; }

    /// <summary>How long the replaced version stays good after a rotation. An emergency does not wait.</summary>
    /// <value>1 hour by default.</value>
    public TimeSpan? Overlap { get; set; }

    /// <summary>Whether the schedule rotates it. Where not, people are told that it is due.</summary>
    /// <value><see langword="true"/> by default.</value>
    public bool? Automatic { get; set; }

    /// <summary>The configuration key that the current value is under in every host, such as <c>Platform:Redaction:HashKey</c>.</summary>
    public string? Bind { get; set; }

    /// <summary>A configuration key of a list, which every value that is good or soon will be is added to.</summary>
    public string? BindAll { get; set; }

    /// <summary>What the rotator wants to know besides; see docs/secrets.md.</summary>
    public Dictionary<string, string> Settings { get; } = new(StringComparer.OrdinalIgnoreCase);

    internal IEnumerable<string> Problems()
    {
        if (MaxAge is { } age && age <= TimeSpan.Zero)
        {
            yield return $"{nameof(MaxAge)} is longer than nothing.";
        }

        if (NotifyBefore is { } before && before < TimeSpan.Zero)
        {
            yield return $"{nameof(NotifyBefore)} is not negative.";
        }

        if (Overlap is { } overlap && overlap < TimeSpan.Zero)
        {
            yield return $"{nameof(Overlap)} is not negative.";
        }

        string? cron = null;
        try
        {
            _ = Cron is null ? null : JobSchedule.Cron(Cron);
        }
        catch (ArgumentException e)
        {
            cron = e.Message;
        }

        if (cron is not null)
        {
            yield return cron;
        }
    }
}
