using System.Globalization;
using Microsoft.Extensions.Options;
using Platform.Audit;
using Platform.EntityFrameworkCore.Audit;

namespace Platform.Worker.Commands;

/// <summary>Looks into the audit trail: <c>audit verify</c> and <c>audit list</c>.</summary>
internal sealed class AuditCommand : WorkerCommand
{
    private const int Intact = 0;
    private const int Tampered = 1;
    private const int DefaultLimit = 50;
    private const int MaxLimit = 1000;

    private const string Usage = """
        audit verify [--anchors FILE] [--anchor ANCHOR]...
            Look through the whole trail, and hold it against the anchors of a file and of the command line. Without --anchors the
            configured anchor file is taken, if there is one. Ends with 0 when nothing is wrong, with 1 and the first bad row otherwise.
        audit list [--actor ID] [--action NAME|PREFIX.*] [--target ID] [--outcome succeeded|denied|failed] [--trace ID]
                   [--from TIME] [--to TIME] [--limit N]
            Print entries, the newest first, one a line.
        """;

    public override string Name => "audit";

    public override string Summary => "look into the audit trail: audit verify, audit list";

    protected override async Task<int> RunAsync(IServiceProvider services, string[] arguments, CancellationToken cancellationToken)
    {
        if (arguments is [var verb, .. var rest] && Options(rest) is { } options)
        {
            switch (verb)
            {
                case "verify" when options.TrueForAll(option => option.Name is "--anchors" or "--anchor"):
                    return await VerifyAsync(services, options, cancellationToken);
                case "list" when Filter(options) is var (filter, limit):
                    return await ListAsync(services.GetRequiredService<AuditQueries>(), filter, limit, cancellationToken);
            }
        }

        await Console.Error.WriteLineAsync(Usage);
        return UsageError;
    }

    private static List<(string Name, string Value)>? Options(string[] arguments)
    {
        var options = new List<(string, string)>();
        for (var i = 0; i < arguments.Length; i += 2)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == arguments.Length)
            {
                return null;
            }

            options.Add((arguments[i], arguments[i + 1]));
        }

        return options;
    }

    private static async Task<int> VerifyAsync(
        IServiceProvider services, List<(string Name, string Value)> options, CancellationToken cancellationToken)
    {
        var anchors = options.Where(option => option.Name == "--anchor").Select(option => option.Value).ToList();
        var file = options.LastOrDefault(option => option.Name == "--anchors").Value ?? services.GetRequiredService<IOptions<AuditOptions>>().Value.AnchorFile;
        if (!string.IsNullOrEmpty(file))
        {
            if (!File.Exists(file))
            {
                await Console.Error.WriteLineAsync($"There is no anchor file {file}.");
                return UsageError;
            }

            await foreach (var line in File.ReadLinesAsync(file, cancellationToken))
            {
                if (!string.IsNullOrWhiteSpace(line))
                {
                    anchors.Add(line.Trim());
                }
            }
        }

        var verdict = await services.GetRequiredService<AuditVerification>().RunAsync(anchors, cancellationToken);
        foreach (var finding in verdict.Findings)
        {
            await Console.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{finding.Fault}: link {finding.Sequence?.ToString(CultureInfo.InvariantCulture) ?? "-"}, position {finding.Position?.ToString(CultureInfo.InvariantCulture) ?? "-"}, entry {finding.EntryId?.ToString() ?? "-"}: {finding.Explanation}"));
        }

        await Console.Out.WriteLineAsync(
            $"{(verdict.IsIntact ? "intact" : "TAMPERED")}: {verdict.Sealed} sealed, {verdict.Pending} pending, {verdict.Anchors} anchors, {verdict.Faults} faults{(verdict.Erased > 0 ? $", {verdict.Erased} without an erased person" : "")}");
        return verdict.IsIntact ? Intact : Tampered;
    }

    private static (AuditFilter Filter, int Limit)? Filter(List<(string Name, string Value)> options)
    {
        var filter = new AuditFilter();
        var limit = DefaultLimit;
        foreach (var (name, value) in options)
        {
            switch (name)
            {
                case "--actor":
                    filter = filter with { Actor = value };
                    break;
                case "--action":
                    filter = filter with { Action = value };
                    break;
                case "--target":
                    filter = filter with { Target = value };
                    break;
                case "--trace":
                    filter = filter with { TraceId = value };
                    break;
                case "--outcome" when Enum.TryParse<AuditOutcome>(value, ignoreCase: true, out var outcome) && Enum.IsDefined(outcome):
                    filter = filter with { Outcome = outcome };
                    break;
                case "--from" when Time(value) is { } from:
                    filter = filter with { From = from };
                    break;
                case "--to" when Time(value) is { } to:
                    filter = filter with { To = to };
                    break;
                case "--limit" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is > 0 and <= MaxLimit:
                    break;
                default:
                    return null;
            }
        }

        return (filter, limit);
    }

    private static DateTimeOffset? Time(string value) =>
        DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static async Task<int> ListAsync(AuditQueries audit, AuditFilter filter, int limit, CancellationToken cancellationToken)
    {
        foreach (var entry in await audit.ListAsync(filter, limit, cancellationToken: cancellationToken))
        {
            await Console.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{entry.OccurredAt:yyyy-MM-ddTHH:mm:ss.ffffffZ} {entry.Outcome} {entry.Action} {entry.Target} by {entry.Actor} trace {entry.TraceId ?? "-"} {OneLine(entry.Reason)} {entry.Details}").TrimEnd());
        }

        return 0;
    }

    // Whoever caused an entry must not be able to fake another line.
    private static string? OneLine(string? text) => text is null ? null : string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
