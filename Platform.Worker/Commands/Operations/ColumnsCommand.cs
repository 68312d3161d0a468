using System.Globalization;
using Platform.Audit;
using Platform.Domain.Persistence;
using Platform.EntityFrameworkCore.Redaction;

namespace Platform.Worker.Commands.Operations;

/// <summary>Seals what was written before a column was, see <see cref="IColumnSealing"/>.</summary>
internal sealed class ColumnsCommand : OperatorCommand
{
    public override string Name => "columns";

    public override string Summary => "seal what stands in sealed columns from before";

    protected override string Usage => """
        Platform.Worker -- columns <verb>

          seal [--actor <who>]      seal every value that is not sealed with the present key (Platform:Redaction:Columns:Key)

        Run it after a key was configured or replaced; afterwards the previous keys may go. It may be stopped and run again. Recorded in the audit trail.
        Exit codes: 0 done, 1 failed, 2 not understood. The database is ConnectionStrings__platformdb, else that of the AppHost running here.
        """;

    protected override async Task<int> RunAsync(IServiceProvider services, string verb, string[] arguments, CancellationToken cancellationToken)
    {
        if (verb != "seal")
        {
            throw UnknownVerb(verb);
        }

        var actor = Read(arguments, "actor").OfWords(0).Action(needsReason: false).Actor;
        var changed = await services.GetRequiredService<IColumnSealing>().SealAsync(cancellationToken);
        if (changed.Count == 0)
        {
            await Console.Error.WriteLineAsync($"No key is configured ({ColumnSealOptions.Section}:{nameof(ColumnSealOptions.Key)}).");
            return Failed;
        }

        services.GetRequiredService<IAuditTrail>().Record(new AuditEvent("personal.columns.seal", "columns")
        {
            Actor = actor,
            Details = changed.ToDictionary(column => column.Key, column => column.Value.ToString(CultureInfo.InvariantCulture), StringComparer.Ordinal),
        });
        await services.GetRequiredService<PlatformDbContext>().SaveChangesAsync(cancellationToken);
        var table = new TextTable("COLUMN", "SEALED");
        foreach (var (column, count) in changed)
        {
            table.Add(column, count);
        }

        await PrintAsync(table.ToString());
        return Done;
    }
}
