using System.Globalization;

namespace Platform.Worker.Commands.Operations;

/// <summary>The words and options behind a command: words first or in between, options as <c>--name value</c> or <c>--name=value</c>, switches without a value.</summary>
internal sealed class CommandLine
{
    private readonly List<string> _words = [];
    private readonly Dictionary<string, List<string>> _options = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <summary>Takes the arguments apart.</summary>
    /// <param name="arguments">Behind the command's name.</param>
    /// <param name="switches">Options that take no value.</param>
    /// <exception cref="UsageException">An option has no value.</exception>
    public CommandLine(IReadOnlyList<string> arguments, params IReadOnlyList<string> switches)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (!argument.StartsWith("--", StringComparison.Ordinal))
            {
                _words.Add(argument);
                continue;
            }

            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? argument : argument[..equals];
            var value = equals >= 0 ? argument[(equals + 1)..]
                : switches.Contains(name, StringComparer.Ordinal) ? string.Empty
                : ++i < arguments.Count ? arguments[i]
                : throw new UsageException($"{name} needs a value.");
            if (!_options.TryGetValue(name, out var values))
            {
                _options[name] = values = [];
            }

            values.Add(value);
        }
    }

    public IReadOnlyList<string> Words => _words;

    public bool Has(string name) => Values(name).Count > 0;

    public string? Text(string name) => Values(name) switch
    {
        [] => null,
        [var value] => value.Contains('\0', StringComparison.Ordinal) ? throw new UsageException($"{name} cannot hold the character zero.") : value,
        _ => throw new UsageException($"{name} is given twice."),
    };

    public int Number(string name, int otherwise, int min, int max) => Text(name) is not { } text
        ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{name} is a whole number between {min} and {max}."));

    public DateTimeOffset? Time(string name) => Text(name) is not { } text
        ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new UsageException($"{name} is a time such as 2026-01-02T03:04:05Z.");

    /// <summary>Refuses what nobody has asked for: a misspelt condition must not select everything.</summary>
    /// <exception cref="UsageException">There is such an option, or another number of words.</exception>
    public void NothingElse(int words)
    {
        if (_options.Keys.FirstOrDefault(name => !_read.Contains(name)) is { } unknown)
        {
            throw new UsageException($"There is no option {unknown} here.");
        }

        if (_words.Count != words)
        {
            throw new UsageException(_words.Count > words ? $"'{_words[words]}' is too much." : "Something is missing.");
        }
    }

    private List<string> Values(string name)
    {
        _read.Add(name);
        return _options.GetValueOrDefault(name, []);
    }
}

/// <summary>The command line cannot be understood.</summary>
internal sealed class UsageException(string message) : Exception(message);
