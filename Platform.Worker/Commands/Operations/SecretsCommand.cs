using Platform.Secrets;
using Platform.ServiceDefaults.Commands;
using Platform.Worker.Secrets;

namespace Platform.Worker.Commands.Operations;

/// <summary>Shows and rotates secrets. Never prints a value.</summary>
internal sealed class SecretsCommand : OperatorCommand
{
    private const int MaxValue = 64 * 1024;
    private const int MaxHistory = 20;

    public override string Name => "secrets";

    public override string Summary => "show, rotate and roll back secrets";

    protected override string Usage => """
        Platform.Worker -- secrets <verb>

          list     [--json]                       every secret: what rotates it, how old it is, when it is due, how its rotation stands
          status   <name> [--json]                versions and the last rotations of one secret
          rotate   <name> [--emergency] [--dry-run] [--reason TEXT] [--actor NAME]
                                                  rotate it now; --emergency makes the version before worthless at once, --dry-run only says what would be done
          rollback <name> [--reason TEXT] [--actor NAME]
                                                  take back what is under way, or go back to the version before while that is good
          set      <name> [--reference ID] [--reason TEXT] [--actor NAME]
                                                  take a value that somebody else made from standard input, and rotate to it
          clean    <name>                         look for credentials that nobody keeps, and make them worthless
          rewrap                                  seal what is sealed with a former key-encryption key anew

        Exit codes: 0 done, 1 failed, 2 not understood. The database is ConnectionStrings__platformdb, else that of the AppHost running here.
        """;

    protected override void Configure(IHostApplicationBuilder builder)
    {
        base.Configure(builder);
        builder.AddRotators();
    }

    protected override async Task<int> RunAsync(IServiceProvider services, string verb, string[] arguments, CancellationToken cancellationToken)
    {
        var engine = services.GetRequiredService<RotationEngine>();
        try
        {
            switch (verb)
            {
                case "list":
                    return await ListAsync(services, Line(arguments).OfWords(0), cancellationToken);
                case "status":
                    return await StatusAsync(services, Line(arguments).OfWords(1), cancellationToken);
                case "rotate":
                    return await RotateAsync(engine, Line(arguments, "reason", "actor").OfWords(1), cancellationToken);
                case "rollback":
                    var back = Line(arguments, "reason", "actor").OfWords(1);
                    return await PrintAsync(await engine.RollBackAsync(back.Words[0], Actor(back), back.Text("reason"), cancellationToken));
                case "set":
                    var line = Line(arguments, "reference", "reason", "actor").OfWords(1);
                    var given = new NewSecret(await ValueAsync(line, cancellationToken), line.Text("reference"));
                    return await PrintAsync(await engine.RotateAsync(line.Words[0], RotationTrigger.Supplied, Actor(line), line.Text("reason"), given, cancellationToken));
                case "clean":
                    var (removed, left) = await engine.CleanAsync(Line(arguments).OfWords(1).Words[0], cancellationToken);
                    await PrintAsync($"{removed} removed, {left} left");
                    return left == 0 ? Done : Failed;
                case "rewrap":
                    Line(arguments).OfWords(0);
                    var count = await services.GetRequiredService<IRotationStore>().RewrapAsync(services.GetRequiredService<SecretEnvelope>(), Environment.UserName, cancellationToken);
                    await PrintAsync($"{count} sealed anew");
                    return Done;
                default:
                    throw UnknownVerb(verb);
            }
        }
        catch (RotationException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return Failed;
        }
    }

    private static async Task<int> ListAsync(IServiceProvider services, CommandArguments line, CancellationToken cancellationToken)
    {
        var known = (await services.GetRequiredService<IRotationStore>().StatusAsync(null, cancellationToken)).ToDictionary(status => status.Name, StringComparer.Ordinal);
        var engine = services.GetRequiredService<RotationEngine>();
        var documents = services.GetRequiredService<SecretCatalog>().All
            .Select(definition => SecretDocument.From(definition, known.GetValueOrDefault(definition.Name), engine.Knows(definition))).ToList();
        if (line.Has("json"))
        {
            await PrintAsync(OperatorJson.Write<IReadOnlyList<SecretDocument>>(documents));
            return Done;
        }

        var table = new TextTable("SECRET", "ROTATOR", "STATE", "ROTATED", "DUE", "RETIRES", "BEHIND", "ORPHANS", "ERROR");
        foreach (var item in documents)
        {
            table.Add(item.Name, item.Here ? item.Rotator : $"{item.Rotator} (not here)", item.State, item.RotatedAt, item.DueAt, item.RetireAt, item.Behind, item.Orphans, item.Error);
        }

        await PrintAsync(table.ToString());
        return Done;
    }

    private static async Task<int> StatusAsync(IServiceProvider services, CommandArguments line, CancellationToken cancellationToken)
    {
        var definition = services.GetRequiredService<SecretCatalog>().Get(line.Words[0]);
        var store = services.GetRequiredService<IRotationStore>();
        var status = (await store.StatusAsync(definition.Name, cancellationToken)).SingleOrDefault();
        var history = await store.HistoryAsync(definition.Name, MaxHistory, cancellationToken);
        var document = SecretDocument.From(definition, status, services.GetRequiredService<RotationEngine>().Knows(definition)) with
        {
            Versions = status?.Versions,
            History = history,
        };
        if (line.Has("json"))
        {
            await PrintAsync(OperatorJson.Write(document));
            return Done;
        }

        var versions = new TextTable("VERSION", "STAGE", "KEY", "REFERENCE", "CREATED", "IN USE SINCE");
        foreach (var version in status?.Versions ?? [])
        {
            versions.Add(version.Id, version.Stage, version.KeyId, version.Reference, version.CreatedAt, version.PromotedAt);
        }

        var rotations = new TextTable("ROTATION OF", "STATE", "STEP", "TRIGGER", "ACTOR", "STARTED", "ATTEMPTS", "ERROR");
        foreach (var rotation in history)
        {
            rotations.Add(rotation.Version, rotation.State, rotation.Step, rotation.Trigger, rotation.Actor, rotation.StartedAt, rotation.Attempts, rotation.Error);
        }

        await PrintAsync($"{definition.Name}: {document.State}, due {document.DueAt?.ToString("u") ?? "-"}, {document.Behind ?? 0} of {document.Readers ?? 0} hosts behind{Environment.NewLine}{versions}{Environment.NewLine}{rotations}");
        return Done;
    }

    private static async Task<int> RotateAsync(RotationEngine engine, CommandArguments line, CancellationToken cancellationToken)
    {
        var emergency = line.Has("emergency");
        if (line.Has("dry-run"))
        {
            foreach (var step in await engine.PlanAsync(line.Words[0], emergency, cancellationToken))
            {
                await PrintAsync($"would {step}");
            }

            return Done;
        }

        return await PrintAsync(await engine.RotateAsync(
            line.Words[0], emergency ? RotationTrigger.Emergency : RotationTrigger.Operator, Actor(line), line.Text("reason"), null, cancellationToken));
    }

    private static async Task<int> PrintAsync(Rotation rotation)
    {
        await PrintAsync(rotation.State switch
        {
            RotationState.Overlapping => $"{rotation.Name}: version {rotation.Version}, the other one is good until {rotation.RetireAt:u}",
            RotationState.Completed => $"{rotation.Name}: version {rotation.Version}, no other is good any more",
            RotationState.RolledBack => $"{rotation.Name}: taken back",
            _ => $"{rotation.Name}: {rotation.State}",
        });
        return rotation.State is RotationState.Failed ? Failed : Done;
    }

    // A value on the command line would be in the shell's history and in the list of processes.
    private static async Task<string> ValueAsync(CommandArguments line, CancellationToken cancellationToken)
    {
        var buffer = new char[MaxValue + 1];
        var length = await Console.In.ReadBlockAsync(buffer, cancellationToken);
        var value = new string(buffer, 0, length).TrimEnd('\r', '\n');
        Array.Clear(buffer);
        return value.Length is > 0 and <= MaxValue ? value : throw line.Wrong($"The value is 1 to {MaxValue} characters on standard input.");
    }

    private CommandArguments Line(string[] arguments, params string[] options) => CommandArguments.Parse(arguments, Usage, options, ["json", "emergency", "dry-run"]);

    private static string Actor(CommandArguments line) => line.Text("actor") ?? Environment.UserName;
}

/// <summary>How a secret stands, without a value.</summary>
internal sealed record SecretDocument(
    string Name, string Rotator, bool Here, string State, DateTimeOffset? RotatedAt, DateTimeOffset? DueAt, DateTimeOffset? RetireAt, int? Readers, int? Behind, int? Orphans, string? Error)
{
    public IReadOnlyList<VersionStatus>? Versions { get; init; }

    public IReadOnlyList<Rotation>? History { get; init; }

    public static SecretDocument From(SecretDefinition definition, SecretStatus? status, bool here) => new(
        definition.Name,
        definition.Rotator,
        here,
        status?.Rotation is { } rotation ? rotation.State.ToString().ToLowerInvariant() : "none",
        status?.RotatedAt,
        RotationRound.DueAt(definition, status),
        status?.Rotation is { State: RotationState.Overlapping } overlapping ? overlapping.RetireAt : null,
        status?.Readers,
        status?.Behind,
        status?.Orphans,
        status?.Rotation?.Error);
}
