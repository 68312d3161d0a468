using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Platform.GraphQL.Tests.Hosting;

/// <summary>Notes every statement that a host sends to PostgreSQL.</summary>
internal sealed class SqlStatements : DbCommandInterceptor
{
    private readonly ConcurrentQueue<string> _sent = new();

    /// <summary>What was sent since the last <see cref="Clear"/>.</summary>
    public IReadOnlyList<string> Sent => [.. _sent];

    public void Clear() => _sent.Clear();

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        _sent.Enqueue(command.CommandText);
        return base.ReaderExecutingAsync(command, eventData, result, cancellationToken);
    }

    public override InterceptionResult<DbDataReader> ReaderExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        _sent.Enqueue(command.CommandText);
        return base.ReaderExecuting(command, eventData, result);
    }
}
