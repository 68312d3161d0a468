namespace Platform.ServiceDefaults.Commands;

/// <summary>
/// The arguments of a command: words, <c>--name value</c> or <c>--name=value</c>, and switches. What is not declared is refused, so
/// that a misspelt option does not pass in silence.
/// </summary>
public sealed class CommandArguments
{
    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _switches = new(StringComparer.Ordinal);
    private readonly List<string> _words = [];
    private readonly string _usage;

    private CommandArguments(string usage) => _usage = usage;

    /// <summary>What is neither an option nor its value, in order.</summary>
    public IReadOnlyList<string> Words => _words;

    /// <summary>Reads arguments.</summary>
    /// <param name="arguments">What stands after the command's name.</param>
    /// <param name="usage">Shown with every complaint.</param>
    /// <param name="options">The names of options with a value, without dashes.</param>
    /// <param name="switches">The names of options without a value, without dashes.</param>
    /// <exception cref="CommandUsageException">There is an option that is not declared, or one without its value.</exception>
    public static CommandArguments Parse(
        IReadOnlyList<string> arguments, string usage, IReadOnlyCollection<string> options, IReadOnlyCollection<string>? switches = null)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(options);
        var read = new CommandArguments(usage);
        for (var i = 0; i < arguments.Count; i++)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal))
            {
                read._words.Add(arguments[i]);
                continue;
            }

            var (name, value) = Split(arguments[i][2..]);
            if (value is null && switches?.Contains(name) is true)
            {
                read._switches.Add(name);
            }
            else if (!options.Contains(name))
            {
                throw read.Wrong($"There is no option --{name}.");
            }
            else
            {
                value ??= ++i < arguments.Count ? arguments[i] : throw read.Wrong($"--{name} needs a value.");
                (read._values.TryGetValue(name, out var values) ? values : read._values[name] = []).Add(value);
            }
        }

        return read;
    }

    /// <summary>Whether a switch was given.</summary>
    public bool Has(string name) => _switches.Contains(name);

    /// <summary>Every value of an option, in order; values separated by commas count as several.</summary>
    public IReadOnlyList<string> All(string name) => _values.TryGetValue(name, out var values)
        ? [.. values.SelectMany(value => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))]
        : [];

    /// <summary>The value of an option, or null.</summary>
    /// <exception cref="CommandUsageException">It was given twice.</exception>
    public string? Optional(string name) => !_values.TryGetValue(name, out var values) ? null
        : values.Count == 1 ? values[0]
        : throw Wrong($"--{name} was given {values.Count} times.");

    /// <summary>The value of an option that has to be there.</summary>
    /// <exception cref="CommandUsageException">It is absent or empty.</exception>
    public string Required(string name) => Optional(name) is { Length: > 0 } value ? value : throw Wrong($"--{name} is required.");

    /// <summary>Makes a complaint with the usage below it.</summary>
    public CommandUsageException Wrong(string complaint) => new($"{complaint}{Environment.NewLine}{_usage}");

    private static (string Name, string? Value) Split(string option) =>
        option.IndexOf('=', StringComparison.Ordinal) is >= 0 and var at ? (option[..at], option[(at + 1)..]) : (option, null);
}
