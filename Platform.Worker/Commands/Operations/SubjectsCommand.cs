using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Redaction.Subjects;
using Platform.ServiceDefaults.Commands;

namespace Platform.Worker.Commands.Operations;

/// <summary>Answers requests of persons about their data, see <see cref="ISubjectRequests"/>.</summary>
internal sealed class SubjectsCommand : OperatorCommand
{
    private const int MaxActor = 200;

    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    public override string Name => "subjects";

    public override string Summary => "export or erase all that is held of one customer";

    protected override string Usage => """
        Platform.Worker -- subjects <verb>

          export <customer id> [--actor <who>]                     everything that is held, as JSON on standard output
          erase  <customer id> --reason <why> [--actor <who>]      make the customer anonymous everywhere; orders are kept

        Both are recorded in the audit trail with the actor (the user of this machine unless told otherwise). Erasing again changes nothing.
        Exit codes: 0 done, 1 failed, 2 not understood. The database is ConnectionStrings__platformdb, else that of the AppHost running here.
        """;

    protected override async Task<int> RunAsync(IServiceProvider services, string verb, string[] arguments, CancellationToken cancellationToken)
    {
        var subjects = services.GetRequiredService<ISubjectRequests>();
        switch (verb)
        {
            case "export":
                var export = Read(arguments, "actor").OfWords(1);
                var held = await subjects.ExportAsync(Id(export), Actor(export), cancellationToken);
                await PrintAsync(new JsonObject
                {
                    ["id"] = held.Id,
                    ["exportedAt"] = held.ExportedAt,
                    ["data"] = new JsonObject(held.Data.Select(place => KeyValuePair.Create(place.Key, (JsonNode?)place.Value))),
                }.ToJsonString(Readable));
                return Done;
            case "erase":
                var erase = Read(arguments, "actor", "reason").OfWords(1);
                var reason = erase.Text("reason") ?? throw erase.Wrong("--reason is required: it is recorded.");
                var erased = await subjects.EraseAsync(Id(erase), reason, Actor(erase), cancellationToken);
                var table = new TextTable("PLACE", "CHANGED");
                foreach (var (place, count) in erased.Changed)
                {
                    table.Add(place, count);
                }

                await PrintAsync(table.ToString());
                return Done;
            default:
                throw UnknownVerb(verb);
        }
    }

    private static Guid Id(CommandArguments line) =>
        Guid.TryParse(line.Words[0], out var id) ? id : throw line.Wrong("A customer is named by the id.");

    private static string Actor(CommandArguments line)
    {
        var actor = line.Text("actor") ?? Environment.UserName;
        return actor.Length <= MaxActor ? actor : actor[..MaxActor];
    }
}
