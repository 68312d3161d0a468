using System.Globalization;
using Platform.Errors;
using Platform.Messaging;
using Platform.ServiceDefaults.Commands;

namespace Platform.Worker.Commands.Operations;

/// <summary>Shows what waits for subscriptions, and has one handle the log again, see <see cref="ISubscriptions"/>.</summary>
internal sealed class SubscriptionsCommand : OperatorCommand
{
    private const string Json = "json";

    public override string Name => "subscriptions";

    public override string Summary => "show what waits for subscriptions, replay or forget one";

    protected override string Usage => """
        Platform.Worker -- subscriptions <verb>

          list   [--json]                             what waits, how long, what was given up, who works
          lanes  <subscription> [--json]              the same lane by lane
          replay <subscription> --from <time> [--reason <text>] [--actor <id>] [--json]
                                                      handle again what the log holds from a time on: effects come a second time
          remove <subscription> [--reason <text>] [--actor <id>]
                                                      forget one that no code declares any more; until then the log is kept for it

        Exit codes: 0 done, 1 failed, 2 not understood. The database is ConnectionStrings__platformdb, else that of the AppHost running here.
        """;

    protected override Task<int> RunAsync(IServiceProvider services, string verb, string[] arguments, CancellationToken cancellationToken)
    {
        var subscriptions = services.GetRequiredService<ISubscriptions>();
        return verb switch
        {
            "list" => ListAsync(subscriptions, Read(arguments).OfWords(0), cancellationToken),
            "lanes" => LanesAsync(subscriptions, Read(arguments).OfWords(1), cancellationToken),
            "replay" => ReplayAsync(subscriptions, Read(arguments, "from", "reason", "actor").OfWords(1), cancellationToken),
            "remove" => RemoveAsync(subscriptions, Read(arguments, "reason", "actor").OfWords(1), cancellationToken),
            _ => throw UnknownVerb(verb),
        };
    }

    private static async Task<int> ListAsync(ISubscriptions subscriptions, CommandArguments line, CancellationToken cancellationToken)
    {
        var json = line.Has(Json);
        var list = await subscriptions.ListAsync(cancellationToken);
        var table = new TextTable("SUBSCRIPTION", "PENDING", "OLDEST", "DEFERRED", "DEAD", "OWNERS");
        foreach (var one in list)
        {
            table.Add(one.Name, one.Pending, one.OldestPendingAt, one.Deferred, one.DeadLetters, one.Owners.Count == 0 ? null : string.Join(' ', one.Owners));
        }

        await PrintAsync(json ? OperatorJson.Write(list) : table.ToString());
        return Done;
    }

    private static async Task<int> LanesAsync(ISubscriptions subscriptions, CommandArguments line, CancellationToken cancellationToken)
    {
        var name = line.Words[0];
        var json = line.Has(Json);
        var lanes = await subscriptions.LanesAsync(name, cancellationToken);
        if (lanes.Count == 0)
        {
            throw ErrorException.NotFound("subscription", name);
        }

        var table = new TextTable("LANE", "POSITION", "PENDING", "OLDEST", "DEFERRED", "OWNER", "MOVED");
        foreach (var lane in lanes)
        {
            table.Add(lane.Lane, lane.Position, lane.Pending, lane.OldestPendingAt, lane.Deferred, lane.Owner, lane.UpdatedAt);
        }

        await PrintAsync(json ? OperatorJson.Write(lanes) : table.ToString());
        return Done;
    }

    private static async Task<int> ReplayAsync(ISubscriptions subscriptions, CommandArguments line, CancellationToken cancellationToken)
    {
        var name = line.Words[0];
        var from = line.Time("from") ?? throw line.Wrong("--from says from which time on.");
        var json = line.Has(Json);
        var count = await subscriptions.ReplayAsync(name, from, line.Action(needsReason: false), cancellationToken);
        await PrintAsync(json ? OperatorJson.Write(new CountDocument(count)) : string.Create(CultureInfo.InvariantCulture, $"{count} events come again"));
        return Done;
    }

    private static async Task<int> RemoveAsync(ISubscriptions subscriptions, CommandArguments line, CancellationToken cancellationToken)
    {
        await subscriptions.RemoveAsync(line.Words[0], line.Action(needsReason: false), cancellationToken);
        await PrintAsync("removed");
        return Done;
    }
}
