namespace Platform.Embedded.Commands;

/// <summary>What the AppHost was asked to do.</summary>
internal sealed record AppHostArguments
{
    public const string Usage =
        """
        Usage: dotnet run --project <AppHost> [-- <arguments>]

          (nothing)           start everything and keep it running until Ctrl+C
          doctor              say what is found, what is missing and what to do
          reset               remove the data

          --data <folder>     keep the data there instead of in the user's folder
          --ephemeral         throwaway data and free ports: disturbs no other
          --endpoints <file>  write the addresses there instead of .platform/endpoints.json
          --no-build          taken for dotnet run's own, and without effect here
          --help              this text
        """;

    public AppHostCommand Command { get; private init; } = AppHostCommand.Start;

    public bool Ephemeral { get; private init; }

    /// <summary>Full path, or null for the default.</summary>
    public string? DataFolder { get; private init; }

    /// <summary>Full path, or null for the default.</summary>
    public string? EndpointsFile { get; private init; }

    /// <exception cref="UsageException">An argument is not known, or lacks its value.</exception>
    public static AppHostArguments Parse(IReadOnlyList<string> arguments)
    {
        var parsed = new AppHostArguments();
        for (var index = 0; index < arguments.Count; index++)
        {
            var argument = arguments[index];
            parsed = argument switch
            {
                "doctor" => parsed with { Command = AppHostCommand.Doctor },
                "reset" => parsed with { Command = AppHostCommand.Reset },
                "--help" or "-h" => parsed with { Command = AppHostCommand.Help },
                "--ephemeral" => parsed with { Ephemeral = true },
                "--no-build" => parsed,
                "--data" => parsed with { DataFolder = Path.GetFullPath(Value()) },
                "--endpoints" => parsed with { EndpointsFile = Path.GetFullPath(Value()) },
                _ => throw new UsageException($"Unknown argument: {argument}"),
            };

            string Value() => ++index < arguments.Count ? arguments[index] : throw new UsageException($"{argument} needs a value.");
        }
        return parsed is { Ephemeral: true, DataFolder: not null }
            ? throw new UsageException("--ephemeral and --data exclude each other.")
            : parsed;
    }
}

internal enum AppHostCommand
{
    Start,
    Doctor,
    Reset,
    Help,
}

/// <summary>The arguments make no sense.</summary>
internal sealed class UsageException(string message) : Exception(message);
