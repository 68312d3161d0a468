using Platform.Messaging.Jobs;

namespace Platform.Secrets;

/// <summary>A secret as code and configuration declare it. Does not change.</summary>
public sealed class SecretDefinition
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxName = 60;

    private static readonly TimeSpan DefaultAge = TimeSpan.FromDays(90);
    private static readonly TimeSpan DefaultNotice = TimeSpan.FromDays(7);
    private static readonly TimeSpan DefaultOverlap = TimeSpan.FromHours(1);

    internal SecretDefinition(string name, SecretOptions declared, SecretOptions? configured)
    {
        Name = name;
        Rotator = configured?.Rotator ?? declared.Rotator ?? throw new InvalidOperationException($"The secret {name} names no rotator.");
        Cron = configured?.Cron ?? declared.Cron;
        Schedule = Cron is null ? null : JobSchedule.Cron(Cron);
        MaxAge = configured?.MaxAge ?? declared.MaxAge ?? (Cron is null ? DefaultAge : null);
        NotifyBefore = configured?.NotifyBefore ?? declared.NotifyBefore ?? DefaultNotice;
        Overlap = configured?.Overlap ?? declared.Overlap ?? DefaultOverlap;
        Automatic = configured?.Automatic ?? declared.Automatic ?? true;
        Bind = configured?.Bind ?? declared.Bind;
        BindAll = configured?.BindAll ?? declared.BindAll;
        var settings = new Dictionary<string, string>(declared.Settings, StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in configured?.Settings ?? [])
        {
            settings[key] = value;
        }

        Settings = settings;
    }

    /// <summary>Its name: <c>a-z 0-9 - _</c>.</summary>
    public string Name { get; }

    /// <summary>The kind of rotator.</summary>
    public string Rotator { get; }

    /// <summary>How old a version may become; null where a cron expression alone decides.</summary>
    public TimeSpan? MaxAge { get; }

    /// <summary>The cron expression, if there is one.</summary>
    public string? Cron { get; }

    /// <summary>How long before it is due people are told.</summary>
    public TimeSpan NotifyBefore { get; }

    /// <summary>How long the replaced version stays good.</summary>
    public TimeSpan Overlap { get; }

    /// <summary>Whether the schedule rotates it.</summary>
    public bool Automatic { get; }

    /// <summary>The configuration key of the current value.</summary>
    public string? Bind { get; }

    /// <summary>The configuration key of the list of all good values.</summary>
    public string? BindAll { get; }

    /// <summary>What the rotator wants to know besides.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; }

    private JobSchedule? Schedule { get; }

    /// <summary>Whether a text may be a secret's name.</summary>
    public static bool IsName(string? name) =>
        name is { Length: > 0 and <= MaxName } && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_');

    /// <summary>When a version that became current then is due for rotation.</summary>
    public DateTimeOffset DueAfter(DateTimeOffset promoted)
    {
        var byAge = MaxAge is { } age && promoted < DateTimeOffset.MaxValue - age ? promoted + age : DateTimeOffset.MaxValue;
        var byCron = Schedule?.Next(promoted, promoted, 0) ?? DateTimeOffset.MaxValue;
        return byCron < byAge ? byCron : byAge;
    }

    /// <summary>A setting that has to be there.</summary>
    /// <exception cref="InvalidOperationException">It is not.</exception>
    public string Required(string setting) => Settings.TryGetValue(setting, out var value) && value.Length > 0
        ? value
        : throw new InvalidOperationException($"The secret {Name} needs {SecretsOptions.Section}:{nameof(SecretsOptions.Items)}:{Name}:{nameof(Settings)}:{setting}.");

    /// <summary>A setting, or null.</summary>
    public string? Optional(string setting) => Settings.GetValueOrDefault(setting) is { Length: > 0 } value ? value : null;
}
