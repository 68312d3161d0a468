using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;
using Platform.Secrets;

namespace Platform.EntityFrameworkCore.Secrets.Routing;

/// <summary>
/// Which role this process connects as. A connection that is opened takes the role of the moment; one that is open goes on as it is, since a session outlives
/// its password. So a role is swapped without a request that fails. Thread safe. docs/adr, "Two roles".
/// </summary>
internal sealed class DatabaseRoute(SecretCatalog catalog, TimeProvider time) : ISecretObserver
{
    /// <summary>The kind of rotator whose secret decides.</summary>
    public const string Kind = "postgres-role";

    // Whoever was told the role before the swap has opened by then.
    private static readonly TimeSpan Opened = TimeSpan.FromSeconds(2);

    private readonly string? _name = catalog.All.FirstOrDefault(definition => definition.Rotator == Kind)?.Name;
    private volatile Credentials? _current;

    public Task TakeAsync(Secret secret, CancellationToken cancellationToken)
    {
        if (secret.Name == _name && secret.Current is { Reference: { } role } current && _current?.Version != current.Id)
        {
            var left = _current;
            _current = new Credentials(current.Id, role, current.Value);

            // Idle ones close now, the others when they come back.
            if (left is not null)
            {
                left.Clear();
                _ = ClearAgainAsync(left);
            }
        }

        return Task.CompletedTask;
    }

    // One that was told the role and opened after the others were closed would stay until it has been idle for minutes.
    private async Task ClearAgainAsync(Credentials left)
    {
        await Task.Delay(Opened, time).ConfigureAwait(false);
        left.Clear();
    }

    /// <summary>Has a closed connection open as the role of the moment.</summary>
    public void Apply(DbConnection connection)
    {
        if (_current is { } credentials && connection is NpgsqlConnection npgsql)
        {
            credentials.Apply(npgsql);
        }
    }

    private sealed class Credentials(Guid version, string role, string password)
    {
        // A host has one or two strings: its contexts', and those of its listeners.
        private const int Most = 100;

        private readonly Dictionary<string, string> _strings = new(StringComparer.Ordinal);
        private readonly Lock _gate = new();

        public Guid Version => version;

        public void Apply(NpgsqlConnection connection)
        {
            var asked = connection.ConnectionString;
            string routed;
            lock (_gate)
            {
                if (!_strings.TryGetValue(asked, out var known))
                {
                    known = new NpgsqlConnectionStringBuilder(asked) { Username = role, Password = password }.ConnectionString;
                    if (_strings.Count < Most)
                    {
                        _strings.Add(asked, known);
                    }
                }

                routed = known;
            }

            if (!string.Equals(routed, asked, StringComparison.Ordinal))
            {
                connection.ConnectionString = routed;
            }
        }

        public void Clear()
        {
            string[] left;
            lock (_gate)
            {
                left = [.. _strings.Values.Distinct(StringComparer.Ordinal)];
            }

            foreach (var text in left)
            {
                using var connection = new NpgsqlConnection(text);
                NpgsqlConnection.ClearPool(connection);
            }
        }
    }
}

/// <summary>Puts the route in front of each opening of a context's connection.</summary>
internal sealed class RoutedConnections(DatabaseRoute route) : DbConnectionInterceptor
{
    public override InterceptionResult ConnectionOpening(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        route.Apply(connection);
        return result;
    }

    public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        route.Apply(connection);
        return ValueTask.FromResult(result);
    }
}
