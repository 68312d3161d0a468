using System.Globalization;
using Platform.Messaging;
using Platform.ServiceDefaults.Commands;

namespace Platform.Worker.Commands.Operations;

/// <summary>Reads the kinds of values that operators' commands take.</summary>
internal static class OperatorArguments
{
    private const int MaxActor = 200;

    public static string? Text(this CommandArguments line, string name) => line.Optional(name) is { } text && text.Contains('\0', StringComparison.Ordinal)
        ? throw line.Wrong($"--{name} cannot hold the character zero.")
        : line.Optional(name);

    public static int Number(this CommandArguments line, string name, int otherwise, int min, int max) => line.Optional(name) is not { } text
        ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw line.Wrong(string.Create(CultureInfo.InvariantCulture, $"--{name} is a whole number between {min} and {max}."));

    public static DateTimeOffset? Time(this CommandArguments line, string name) => line.Optional(name) is not { } text
        ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw line.Wrong($"--{name} is a time such as 2026-01-02T03:04:05Z.");

    /// <summary>Who asks, from <c>--actor</c> or the user of this machine, and why, from <c>--reason</c>.</summary>
    /// <exception cref="CommandUsageException">A reason is required and not there.</exception>
    public static OperatorAction Action(this CommandArguments line, bool needsReason = true)
    {
        var reason = line.Text("reason");
        var actor = line.Text("actor") ?? Environment.UserName;
        return needsReason && string.IsNullOrWhiteSpace(reason)
            ? throw line.Wrong("--reason is required: it is recorded.")
            : new OperatorAction(actor.Length <= MaxActor ? actor : actor[..MaxActor], reason ?? "");
    }

    /// <summary>Insists on the number of words.</summary>
    /// <exception cref="CommandUsageException">There are more or fewer.</exception>
    public static CommandArguments OfWords(this CommandArguments line, int count) => line.Words.Count == count
        ? line
        : throw line.Wrong(line.Words.Count > count ? $"'{line.Words[count]}' is too much." : "Something is missing.");
}
