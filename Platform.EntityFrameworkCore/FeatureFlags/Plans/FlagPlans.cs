using Npgsql;
using Platform.EntityFrameworkCore.Messaging;
using Platform.Errors;
using Platform.FeatureFlags;
using Platform.FeatureFlags.Plans;
using Platform.Messaging.Jobs;

namespace Platform.EntityFrameworkCore.FeatureFlags.Plans;

/// <summary>Plans in PostgreSQL: what a plan does to its flag, and where it stands then, are one transaction.</summary>
internal sealed class FlagPlans(
    FlagDatabase database, FlagPlanRows rows, FlagReads reads, FlagWriter writer, FlagHygiene hygiene, FlagCallers callers, IGuardSource guards, TimeProvider time) : IFlagPlans
{
    private const string Actor = "plan";

    // How often a running plan is looked at, and how long counts take to arrive at the latest.
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Lag = TimeSpan.FromSeconds(8);

    public async Task<FlagRecord?> FindAsync(string flag, CancellationToken cancellationToken = default)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        var stored = await reads.ReadAsync(open.Connection, reads.Latest, cancellationToken);
        return stored.Find(FlagKey.Flag(flag)) is null ? null : await rows.ReadAsync(open.Connection, flag, locks: false, cancellationToken);
    }

    public Task<FlagRecord> SetMetadataAsync(string flag, FlagMetadata metadata, CancellationToken cancellationToken = default) => ChangeAsync(
        flag,
        async (connection, _) =>
        {
            await rows.SetMetadataAsync(connection, flag, metadata, cancellationToken);
            return null;
        },
        cancellationToken);

    public Task<FlagRecord> SetPlanAsync(string flag, RolloutPlan plan, CancellationToken cancellationToken = default)
    {
        var errors = new FieldErrors();
        RolloutPlanRules.Check(plan, errors);
        errors.ThrowIfAny();
        return ChangeAsync(
            flag,
            async (connection, record) =>
            {
                if (record.State.Status is RolloutStatus.Running or RolloutStatus.Paused)
                {
                    throw ErrorException.NotAllowed("flag", flag, "A plan that runs or is paused cannot be changed: roll it back first.");
                }

                await rows.SetPlanAsync(connection, flag, plan, new RolloutState(), null, cancellationToken);
                return null;
            },
            cancellationToken);
    }

    public Task<FlagRecord> CommandAsync(string flag, RolloutCommand command, FlagAuthor author, CancellationToken cancellationToken = default) => ChangeAsync(
        flag,
        async (connection, record) =>
        {
            var plan = record.Plan ?? throw ErrorException.NotAllowed("flag", flag, "The flag has no plan.");
            var definition = Definition(await reads.ReadAsync(connection, reads.Latest, cancellationToken), flag);
            var now = time.GetUtcNow();
            var state = command switch
            {
                RolloutCommand.Start when record.State.Status is RolloutStatus.Running or RolloutStatus.Paused =>
                    throw ErrorException.NotAllowed("flag", flag, "The plan was started already."),
                RolloutCommand.Start => Rollout.Start(plan, definition.Percent, now),
                RolloutCommand.Pause => Rollout.Pause(record.State, Because("Paused", author), now),
                RolloutCommand.Resume => Rollout.Resume(record.State, now),
                _ => Rollout.RollBack(record.State, Because("Rolled back", author)),
            };
            return await SaveAsync(connection, record, plan, state, author with { Reason = author.Reason.Length > 0 ? author.Reason : state.Reason }, cancellationToken);
        },
        cancellationToken);

    public async Task<IReadOnlyList<StaleFlag>> FindStaleAsync(TimeSpan after, CancellationToken cancellationToken = default)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        return await hygiene.FindStaleAsync(open.Connection, after, cancellationToken);
    }

    public async Task<FlagImpactReport?> MeasureAsync(string flag, CancellationToken cancellationToken = default)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        var stored = await reads.ReadAsync(open.Connection, reads.Latest, cancellationToken);
        if (stored.Find(FlagKey.Flag(flag))?.Definition is not FlagDefinition definition)
        {
            return null;
        }

        var record = await rows.ReadAsync(open.Connection, flag, locks: false, cancellationToken);
        var ratio = record is { Plan: { } plan, State: { StageStartedAt: not null, Stage: { } stage } }
            ? SampleRatio.Of(
                await callers.CountAsync(open.Connection, flag, cancellationToken), SampleRatio.Expect(definition, plan.Stages[stage].Percent))
            : null;
        return new FlagImpactReport(
            await hygiene.CountEvaluationsAsync(open.Connection, flag, cancellationToken),
            await hygiene.MeasureAsync(open.Connection, flag, cancellationToken),
            ratio);
    }

    /// <summary>Looks at one plan that is due.</summary>
    /// <returns>False where none is.</returns>
    /// <exception cref="InvalidOperationException">The lease is another's.</exception>
    public async Task<bool> AdvanceAsync(JobLease lease, CancellationToken cancellationToken)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var transaction = await open.Context.Database.BeginTransactionAsync(cancellationToken);
        await open.Context.HoldLeaseAsync(lease, cancellationToken);
        if (await rows.NextDueAsync(open.Connection, cancellationToken) is not { } record)
        {
            return false;
        }

        var now = time.GetUtcNow();
        FlagCommit? commit = null;
        if (record is { Plan: { } plan, State.Status: RolloutStatus.Running })
        {
            var until = now - Lag > record.State.ReadUntil ? now - Lag : record.State.ReadUntil;
            List<IReadOnlyList<GuardWindow>> seen = [];
            foreach (var guard in plan.Guards)
            {
                seen.Add(guard.Scope == GuardScope.Endpoint
                    ? await guards.ReadAsync(record.Name, guard, record.State.EndpointsReadUntil, now, cancellationToken)
                    : await guards.ReadAsync(record.Name, guard, record.State.ReadUntil, until, cancellationToken));
            }

            var state = Rollout.Look(plan, record.State, seen, until, now);
            commit = await SaveAsync(open.Connection, record, plan, state, new FlagAuthor(Actor, state.Reason), cancellationToken);
        }
        else
        {
            await rows.SetPlanAsync(open.Connection, record.Name, record.Plan, record.State, null, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        if (commit is not null)
        {
            writer.Committed(commit);
        }

        return true;
    }

    private async Task<FlagRecord> ChangeAsync(
        string flag, Func<NpgsqlConnection, FlagRecord, Task<FlagCommit?>> change, CancellationToken cancellationToken)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var transaction = await open.Connection.BeginTransactionAsync(cancellationToken);
        Definition(await reads.ReadAsync(open.Connection, reads.Latest, cancellationToken), flag, anyOrigin: true);
        var commit = await change(open.Connection, await rows.ReadAsync(open.Connection, flag, locks: true, cancellationToken));
        var record = await rows.ReadAsync(open.Connection, flag, locks: false, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (commit is not null)
        {
            writer.Committed(commit);
        }

        return record;
    }

    /// <summary>Saves where the plan stands, and changes the flag where that asks for another percentage.</summary>
    private async Task<FlagCommit?> SaveAsync(
        NpgsqlConnection connection, FlagRecord record, RolloutPlan plan, RolloutState state, FlagAuthor author, CancellationToken cancellationToken)
    {
        var next = state.Status == RolloutStatus.Running ? time.GetUtcNow() + Every : (DateTimeOffset?)null;
        await rows.SetPlanAsync(connection, record.Name, plan, state, next, cancellationToken);
        var moved = state.Status != record.State.Status || state.Stage != record.State.Stage;
        if (!moved || Rollout.PercentOf(plan, state) is not (true, var percent))
        {
            return null;
        }

        return await writer.EditAsync(
            connection,
            new FlagEdit(author, document => document.Flags.FirstOrDefault(flag => flag.Name == record.Name) is { } flag && flag.Percent != percent
                ? document.With(flag with { Percent = percent })
                : document),
            cancellationToken);
    }

    private static FlagDefinition Definition(StoredFlags stored, string flag, bool anyOrigin = false)
    {
        if (stored.Find(FlagKey.Flag(flag))?.Definition is not FlagDefinition definition)
        {
            throw ErrorException.NotFound("flag", flag);
        }

        return anyOrigin || definition.Origin == FlagOrigin.Own
            ? definition
            : throw ErrorException.NotAllowed("flag", flag, "Only a flag of Platform's own has a percentage that grows without turning anybody off.");
    }

    private static string Because(string what, FlagAuthor author) => author.Reason.Length > 0 ? $"{what}: {author.Reason}" : $"{what} by {author.Name}.";
}
