using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.Telemetry;

namespace Platform.EntityFrameworkCore.Telemetry;

/// <summary>Counts the time of statements to the unit of work that runs them.</summary>
internal sealed class StatementTime : DbCommandInterceptor
{
    public override DbDataReader ReaderExecuted(DbCommand command, CommandExecutedEventData eventData, DbDataReader result)
    {
        WorkTime.Current?.AddStatement(eventData.Duration);
        return result;
    }

    public override ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
    {
        WorkTime.Current?.AddStatement(eventData.Duration);
        return ValueTask.FromResult(result);
    }

    public override int NonQueryExecuted(DbCommand command, CommandExecutedEventData eventData, int result)
    {
        WorkTime.Current?.AddStatement(eventData.Duration);
        return result;
    }

    public override ValueTask<int> NonQueryExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        WorkTime.Current?.AddStatement(eventData.Duration);
        return ValueTask.FromResult(result);
    }

    public override object? ScalarExecuted(DbCommand command, CommandExecutedEventData eventData, object? result)
    {
        WorkTime.Current?.AddStatement(eventData.Duration);
        return result;
    }

    public override ValueTask<object?> ScalarExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, object? result, CancellationToken cancellationToken = default)
    {
        WorkTime.Current?.AddStatement(eventData.Duration);
        return ValueTask.FromResult(result);
    }
}

/// <summary>Registers the time of statements.</summary>
public static class StatementTimeExtensions
{
    /// <summary>Counts the time of the context's statements to <see cref="WorkTime"/>.</summary>
    /// <typeparam name="TContext">The context.</typeparam>
    public static IServiceCollection AddStatementTime<TContext>(this IServiceCollection services)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<StatementTime>();
        return services.ConfigureDbContext<TContext>((provider, context) => context.AddInterceptors(provider.GetRequiredService<StatementTime>()));
    }
}
