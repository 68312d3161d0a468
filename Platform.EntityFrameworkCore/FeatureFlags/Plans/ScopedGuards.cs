using Platform.Budgets;
using Platform.FeatureFlags.Plans;

namespace Platform.EntityFrameworkCore.FeatureFlags.Plans;

/// <summary>Asks for each guard whoever knows: hosts that tell callers with a flag from those without, or the budgets of everybody.</summary>
internal sealed class ScopedGuards(FlagOutcomeStore callers, IBudgetReadings? readings = null) : IGuardSource
{
    private readonly BudgetGuards? _endpoints = readings is null ? null : new(readings);

    public Task<IReadOnlyList<GuardWindow>> ReadAsync(
        string flag, GuardCondition guard, DateTimeOffset after, DateTimeOffset until, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(guard);
        if (guard.Scope == GuardScope.Callers)
        {
            return callers.ReadAsync(flag, guard, after, until, cancellationToken);
        }

        return _endpoints?.ReadAsync(flag, guard, after, until, cancellationToken) ?? Task.FromResult<IReadOnlyList<GuardWindow>>([]);
    }
}
