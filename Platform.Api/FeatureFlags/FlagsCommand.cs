using System.Text;
using Platform.Api.Commands;
using Platform.Errors;
using Platform.FeatureFlags;
using Platform.ServiceDefaults.Commands;

namespace Platform.Api.FeatureFlags;

/// <summary>Flags from the command line: <c>Platform.Api -- flags off --all --reason "..."</c>.</summary>
internal sealed class FlagsCommand : ApiCommand
{
    private const string Usage = """
        Usage:
          flags list
          flags get <name>
          flags import --format platform|microsoft|waffle|unleash --file <path> [--reason <text>] [--replace] [--keep-unreadable]
          flags export --format platform|microsoft|waffle|unleash [--file <path>]
          flags off --all --reason <text>
          flags undo <id of a change or an entry> [--reason <text>] [--force]
        """;

    private static readonly string[] Options = ["format", "file", "reason"];
    private static readonly string[] Switches = ["all", "force", "replace", "keep-unreadable"];

    public override string Name => "flags";

    public override string Summary => "list, import, export, turn off and undo feature flags";

    protected override async Task<int> RunAsync(IServiceProvider services, string[] arguments, CancellationToken cancellationToken)
    {
        var read = CommandArguments.Parse(arguments, Usage, Options, Switches);
        var store = services.GetRequiredService<IFlagStore>();
        try
        {
            return read.Words switch
            {
                ["list"] => await ListAsync(store, cancellationToken),
                ["get", var name] => await GetAsync(store, name, cancellationToken),
                ["import"] => await ImportAsync(store, read, cancellationToken),
                ["export"] => await ExportAsync(store, read, cancellationToken),
                ["off"] when read.Has("all") => await OffAsync(store, read, cancellationToken),
                ["off"] => throw read.Wrong("This turns everything off: say --all."),
                ["undo", var id] when Guid.TryParse(id, out var change) => await UndoAsync(store, read, change, cancellationToken),
                _ => throw read.Wrong("There is no such command."),
            };
        }
        catch (ErrorException refusal)
        {
            await Console.Error.WriteLineAsync(refusal.Message);
            foreach (var field in refusal.Fields)
            {
                await Console.Error.WriteLineAsync($"  {field.Pointer}: {field.Message}");
            }

            return Failed;
        }
    }

    private static async Task<int> ListAsync(IFlagStore store, CancellationToken cancellationToken)
    {
        var stored = await store.ReadAsync(cancellationToken);
        foreach (var item in stored.Items.OrderBy(item => item.Key.Kind).ThenBy(item => item.Position))
        {
            await Console.Out.WriteLineAsync($"{FlagWords.Of(item.Key.Kind),-9} {State(item.Definition),-8} {item.Key.Name}");
        }

        return 0;
    }

    private static async Task<int> GetAsync(IFlagStore store, string name, CancellationToken cancellationToken)
    {
        var found = (await store.ReadAsync(cancellationToken)).Items.Where(item => item.Key.Name == name).ToArray();
        if (found.Length == 0)
        {
            await Console.Error.WriteLineAsync($"There is no flag, switch, sample or segment '{name}'.");
            return Failed;
        }

        foreach (var item in found)
        {
            await Console.Out.WriteLineAsync(item.Json);
        }

        return 0;
    }

    private static async Task<int> ImportAsync(IFlagStore store, CommandArguments read, CancellationToken cancellationToken)
    {
        var (format, file) = (Format(read), read.Required("file"));
        var import = FlagFormats.Import(format, await File.ReadAllBytesAsync(file, cancellationToken));
        if (import.Problems.Count > 0 && (!read.Has("keep-unreadable") || !import.Document.Items().Any()))
        {
            throw ErrorException.Validation(import.Problems);
        }

        var edit = new FlagEdit(Author(read, $"import of {Path.GetFileName(file)}"), document => import.Document.Over(Rest(document)))
        {
            KeepsUnreadable = read.Has("keep-unreadable"),
        };
        return await ToldAsync(await store.EditAsync(edit, cancellationToken));

        // What the file replaces: with --replace everything that could have come from such a file.
        FlagDocument Rest(FlagDocument document) => !read.Has("replace") ? document : format switch
        {
            FlagFormat.Platform => FlagDocument.Empty,
            FlagFormat.Waffle => document with { Flags = Without(document, FlagOrigin.Waffle), Switches = [], Samples = [] },
            FlagFormat.Microsoft => document with { Flags = Without(document, FlagOrigin.Microsoft) },
            _ => document with
            {
                Flags = Without(document, FlagOrigin.Unleash),
                Segments = [.. document.Segments.Where(segment => segment.Origin != FlagOrigin.Unleash)],
            },
        };
    }

    private static async Task<int> ExportAsync(IFlagStore store, CommandArguments read, CancellationToken cancellationToken)
    {
        var export = FlagFormats.Export(Format(read), (await store.ReadAsync(cancellationToken)).Document);
        if (read.Optional("file") is { } file)
        {
            await File.WriteAllBytesAsync(file, export.Json, cancellationToken);
        }
        else
        {
            await Console.Out.WriteLineAsync(Encoding.UTF8.GetString(export.Json));
        }

        if (export.LeftOut.Count > 0)
        {
            await Console.Error.WriteLineAsync($"The format cannot hold {export.LeftOut.Count} of them: {string.Join(", ", export.LeftOut.Take(20))}");
        }

        return 0;
    }

    private static async Task<int> OffAsync(IFlagStore store, CommandArguments read, CancellationToken cancellationToken)
    {
        var author = Author(read, read.Required("reason"));
        return await ToldAsync(await store.EditAsync(new FlagEdit(author, document => document.AllOff()), cancellationToken));
    }

    private static async Task<int> UndoAsync(IFlagStore store, CommandArguments read, Guid change, CancellationToken cancellationToken) =>
        await ToldAsync(await store.UndoAsync(change, Author(read, ""), read.Has("force"), cancellationToken));

    private static async Task<int> ToldAsync(FlagCommit commit)
    {
        foreach (var entry in commit.Entries)
        {
            await Console.Out.WriteLineAsync($"{FlagWords.Of(entry.Action),-15} {FlagWords.Of(entry.Key.Kind),-9} {entry.Key.Name}");
        }

        await Console.Out.WriteLineAsync(commit.Entries.Count == 0
            ? "Nothing was to be changed."
            : $"Version {commit.Flags.Version}. Undo: flags undo {commit.ChangeId}");
        return 0;
    }

    private static FlagFormat Format(CommandArguments read) =>
        Enum.TryParse<FlagFormat>(read.Required("format"), ignoreCase: true, out var format) && Enum.IsDefined(format)
            ? format
            : throw read.Wrong("There is no such format.");

    private static FlagAuthor Author(CommandArguments read, string reason) =>
        new($"cli:{Environment.UserName}", read.Optional("reason") ?? reason);

    private static FlagDefinition[] Without(FlagDocument document, FlagOrigin origin) => [.. document.Flags.Where(flag => flag.Origin != origin)];

    private static string State(object definition) => definition switch
    {
        FlagDefinition { Killed: true } => "killed",
        FlagDefinition { Everyone: { } everyone } => everyone ? "on" : "off",
        FlagDefinition { Percent: { } percent } => FormattableString.Invariant($"{percent} %"),
        FlagDefinition { Origin: not FlagOrigin.Own } flag => FlagWords.Of(flag.Origin),
        SwitchDefinition item => item.Active ? "on" : "off",
        SampleDefinition sample => FormattableString.Invariant($"{sample.Percent} %"),
        _ => "",
    };
}
