using System.Globalization;
using System.Text;
using System.Text.Json;
using Platform.Errors;
using Platform.Messaging;
using Platform.Messaging.DeadLetters;
using Platform.Redaction;
using Platform.ServiceDefaults.Commands;

namespace Platform.Worker.Commands.Operations;

/// <summary>Lists, shows, repairs, replays and discards dead letters, see <see cref="IDeadLetters"/>.</summary>
internal sealed class DeadLettersCommand : OperatorCommand
{
    private const string Json = "json";
    private const string All = "all";
    private const string Personal = "personal";
    private const int MaxMany = 10_000;

    private static readonly string[] Conditions = ["subscription", "type", "aggregate", "cause", "from", "to"];

    public override string Name => "deadletters";

    public override string Summary => "list, show, edit, replay and discard events that a subscription gave up";

    protected override string Usage => """
        Platform.Worker -- deadletters <verb>

          list    [conditions] [--limit 50] [--cursor <next>] [--json]        the latest first
          show    <subscription> <event id> [--personal] [--json]             with body, stack and history; personal data only when asked for
          edit    <subscription> <event id> --payload <file or -> --reason <why> [--actor <who>]
          replay  <subscription> <event id> --reason <why> [--actor <who>]    hand it to its subscription again
          replay  <conditions or --all> --reason <why> [--limit 1000] [--actor <who>] [--json]
          discard <subscription> <event id> --reason <why> [--actor <who>]    remove it for good
          discard <conditions or --all> --reason <why> [--limit 1000] [--actor <who>] [--json]

        conditions
          --subscription <name>     that gave it up
          --type <event type>       orders.placed.v1
          --aggregate <id>
          --cause <cause>           failed, unknown_type or crashed
          --from <time>             given up at this time or later, 2026-01-02T03:04:05Z
          --to <time>               given up before this time

        Each edit, replay and discard is recorded with the actor (the user of this machine unless told otherwise) and the reason. A replay
        keeps the event's id, so that what was handled is not handled twice; it comes outside the order of its aggregate.
        Exit codes: 0 done, 1 failed, 2 not understood. The database is ConnectionStrings__platformdb, else that of the AppHost running here.
        """;

    protected override Task<int> RunAsync(IServiceProvider services, string verb, string[] arguments, CancellationToken cancellationToken)
    {
        var letters = services.GetRequiredService<IDeadLetters>();
        return verb switch
        {
            "list" => ListAsync(letters, Read(arguments, [.. Conditions, "limit", "cursor"]).OfWords(0), cancellationToken),
            "show" => ShowAsync(letters, Read(arguments).OfWords(2), cancellationToken),
            "edit" => EditAsync(letters, Read(arguments, "payload", "reason", "actor").OfWords(2), cancellationToken),
            "replay" => ActAsync(Read(arguments, [.. Conditions, "limit", "reason", "actor"]), "replayed", letters.ReplayAsync, letters.ReplayAsync, cancellationToken),
            "discard" => ActAsync(Read(arguments, [.. Conditions, "limit", "reason", "actor"]), "discarded", letters.DiscardAsync, letters.DiscardAsync, cancellationToken),
            _ => throw UnknownVerb(verb),
        };
    }

    private static async Task<int> ListAsync(IDeadLetters letters, CommandArguments line, CancellationToken cancellationToken)
    {
        var filter = Filter(line);
        var limit = line.Number("limit", 50, 1, 500);
        var cursor = line.Text("cursor");
        var json = line.Has(Json);
        var page = await letters.ListAsync(filter, limit, cursor, cancellationToken);
        if (json)
        {
            await PrintAsync(OperatorJson.Write(page));
            return Done;
        }

        var table = new TextTable("PARKED", "SUBSCRIPTION", "EVENT", "TYPE", "AGGREGATE", "CAUSE", "TRIES", "ERROR");
        foreach (var letter in page.Items)
        {
            table.Add(letter.ParkedAt, letter.Subscription, letter.EventId, letter.EventType, letter.AggregateId, letter.Reason, letter.Attempts, letter.Error);
        }

        await PrintAsync(page.Items.Count == 0 ? "No dead letters." : table.ToString());
        if (page.Next is not null)
        {
            await PrintAsync($"\nThere are more: --cursor {page.Next}");
        }

        return Done;
    }

    private static async Task<int> ShowAsync(IDeadLetters letters, CommandArguments line, CancellationToken cancellationToken)
    {
        var (subscription, eventId) = One(line);
        var json = line.Has(Json);
        var isPersonal = line.Has(Personal);
        var letter = await letters.FindAsync(subscription, eventId, cancellationToken) ?? throw ErrorException.NotFound("dead-letter", eventId);
        using var payload = JsonDocument.Parse(letter.Payload, new JsonDocumentOptions { MaxDepth = 512 });
        var body = isPersonal ? payload.RootElement : SafeJson.Redact(payload.RootElement, Redactor.Default);
        var history = await letters.HistoryAsync(subscription, eventId, cancellationToken);
        await PrintAsync(json
            ? OperatorJson.Write(new DeadLetterDocument(letter, body, letter.Stack, history))
            : Text(letter, OperatorJson.Write(body), history));
        return Done;
    }

    private static async Task<int> EditAsync(IDeadLetters letters, CommandArguments line, CancellationToken cancellationToken)
    {
        var (subscription, eventId) = One(line);
        var action = line.Action();
        var source = line.Text("payload") ?? throw line.Wrong("--payload names the file that holds the new body, or - for standard input.");
        string payload;
        try
        {
            payload = source == "-" ? await Console.In.ReadToEndAsync(cancellationToken) : await File.ReadAllTextAsync(source, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw line.Wrong($"--payload: {e.Message}");
        }

        await letters.EditAsync(subscription, eventId, payload, action, cancellationToken);
        await PrintAsync("edited");
        return Done;
    }

    private static async Task<int> ActAsync(
        CommandArguments line,
        string done,
        Func<string, Guid, OperatorAction, CancellationToken, Task> one,
        Func<DeadLetterFilter, OperatorAction, int, CancellationToken, Task<int>> many,
        CancellationToken cancellationToken)
    {
        var action = line.Action();
        if (line.Words.Count > 0)
        {
            var (subscription, eventId) = One(line.OfWords(2));
            if (!Filter(line).IsEmpty || line.Has(All))
            {
                throw line.Wrong("Either one event, or conditions.");
            }

            await one(subscription, eventId, action, cancellationToken);
            await PrintAsync(done);
            return Done;
        }

        var filter = Filter(line);
        var limit = line.Number("limit", 1000, 1, MaxMany);
        var json = line.Has(Json);
        if (filter.IsEmpty != line.Has(All))
        {
            throw line.Wrong(filter.IsEmpty ? "Name one event, conditions, or --all." : "Either conditions or --all.");
        }

        var count = await many(filter, action, limit, cancellationToken);
        await PrintAsync(json ? OperatorJson.Write(new CountDocument(count)) : string.Create(CultureInfo.InvariantCulture, $"{count} {done}"));
        return Done;
    }

    private static DeadLetterFilter Filter(CommandArguments line)
    {
        var cause = line.Text("cause");
        return cause is null or "failed" or "unknown_type" or "crashed"
            ? new DeadLetterFilter(line.Text("subscription"), line.Text("type"), line.Text("aggregate"), cause, line.Time("from"), line.Time("to"))
            : throw line.Wrong("--cause is failed, unknown_type or crashed.");
    }

    private static (string Subscription, Guid EventId) One(CommandArguments line) => line.Words switch
    {
        [var subscription, var id, ..] when Guid.TryParse(id, out var eventId) => (subscription, eventId),
        _ => throw line.Wrong("A dead letter is named by its subscription and the event's id."),
    };

    private static string Text(DeadLetterDetails letter, string payload, IReadOnlyList<DeadLetterEntry> history)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"event         {letter.EventId}, {letter.EventType}");
        text.AppendLine(CultureInfo.InvariantCulture, $"aggregate     {letter.AggregateType} {letter.AggregateId}");
        text.AppendLine(CultureInfo.InvariantCulture, $"subscription  {letter.Subscription}");
        text.AppendLine(CultureInfo.InvariantCulture, $"cause         {letter.Reason} after {letter.Attempts} tries, at {letter.ParkedAt:u}");
        text.AppendLine(CultureInfo.InvariantCulture, $"occurred      {letter.OccurredAt:u}");
        text.AppendLine(CultureInfo.InvariantCulture, $"correlation   {letter.CorrelationId ?? "-"}");
        text.AppendLine(CultureInfo.InvariantCulture, $"trace         {letter.TraceParent ?? "-"}");
        text.AppendLine(CultureInfo.InvariantCulture, $"error         {letter.ErrorType}: {letter.Error}");
        text.AppendLine().AppendLine(payload);
        if (letter.Stack is not null)
        {
            text.AppendLine().AppendLine(letter.Stack);
        }

        foreach (var entry in history)
        {
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"{entry.At:u} {entry.Action} by {entry.Actor}: {entry.Reason}");
        }

        // What comes from an event must not move the cursor or colour the terminal.
        return string.Concat(text.ToString().TrimEnd().Select(c => char.IsControl(c) && c is not '\n' ? ' ' : c));
    }
}
