using System.Buffers.Text;
using System.Security.Cryptography;
using Npgsql;
using Platform.EntityFrameworkCore.Secrets.Routing;
using Platform.Secrets;

namespace Platform.EntityFrameworkCore.Secrets.Rotators;

/// <summary>
/// Two roles take turns: while hosts connect as one, the other gets a new password, and is the one to connect as from then on. Both act as the role that owns
/// the tables. Settings: <c>Prefix</c> (<c>platform_app</c>: roles <c>platform_app_a</c> and <c>_b</c>), <c>Group</c> (whom they act as; the user of the
/// configured connection), <c>AdminConnectionString</c> (a role with CREATEROLE; the configured connection). docs/adr, "Two roles".
/// </summary>
internal sealed class DatabaseRoleRotator(SecretDatabase database, TimeProvider time) : ISecretRotator
{
    private const string Known = "SELECT rolcanlogin FROM pg_roles WHERE rolname = $1";
    private const string CanLogIn = "SELECT rolname FROM pg_roles WHERE rolcanlogin AND rolname = ANY($1) ORDER BY rolname";
    private const string MayCreate = "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user";
    private const string AtWork = "SELECT count(*) FROM pg_stat_activity WHERE usename = $1 AND state <> 'idle'";
    private const string Terminate = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1";
    private const string Probe = "SELECT count(*) FROM (SELECT 1 FROM {schema}.core_secret LIMIT 1) one";

    private const string DefaultPrefix = "platform_app";
    private const int PasswordBytes = 32;

    // How long an emergency lets requests end that began as the role before.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    public string Kind => DatabaseRoute.Kind;

    public async Task<IReadOnlyList<string>> PlanAsync(RotationContext context, CancellationToken cancellationToken)
    {
        await using var admin = await AdminAsync(context, cancellationToken);
        await using var may = new NpgsqlCommand(MayCreate, admin);
        if (await may.ExecuteScalarAsync(cancellationToken) is not true)
        {
            throw new RotationException("The administrator's role may not create roles (CREATEROLE).");
        }

        var role = NextRole(context);
        return
        [
            $"make a password for the role {role}, and its SCRAM-SHA-256 verifier",
            $"set it; {role} acts as {Group(context)}",
            $"connect as {role}",
            $"have all hosts connect as {role}",
            context.Current?.Reference is { } left ? $"take the log-in from {left} after the overlap" : "leave the configured role as it is",
        ];
    }

    public Task<NewSecret> CreateAsync(RotationContext context, CancellationToken cancellationToken) =>
        Task.FromResult(new NewSecret(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(PasswordBytes)), NextRole(context)));

    public async Task SetAsync(RotationContext context, SecretVersion pending, CancellationToken cancellationToken)
    {
        var role = pending.Reference!;
        if (context.Current?.Reference == role)
        {
            throw new RotationException($"{role} is in use.");
        }

        await ChangeAsync(
            context,
            async admin =>
            {
                var verb = await ExistsAsync(admin, role, cancellationToken) ? "ALTER" : "CREATE";
                var group = Group(context);

                // Utility statements take no parameters; the verifier is base64 and digits.
                await ExecuteAsync(
                    admin,
                    $"""
                    {verb} ROLE {Name(role)} LOGIN PASSWORD '{ScramVerifier.Of(pending.Value)}';
                    GRANT {Name(group)} TO {Name(role)};
                    ALTER ROLE {Name(role)} SET role = {Text(group)};
                    """,
                    cancellationToken);
            },
            cancellationToken);
    }

    public async Task TestAsync(RotationContext context, SecretVersion pending, CancellationToken cancellationToken)
    {
        var settings = database.Configured();
        settings.Username = pending.Reference;
        settings.Password = pending.Value;
        settings.Pooling = false;
        settings.ApplicationName = "platform secrets";
        try
        {
            await using var connection = new NpgsqlConnection(settings.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            await using var probe = new NpgsqlCommand(database.Sql(Probe), connection);
            await probe.ExecuteScalarAsync(cancellationToken);
        }
        catch (PostgresException e)
        {
            throw new RotationException($"{pending.Reference} cannot do its work: SQLSTATE {e.SqlState}.", e);
        }
    }

    public async Task RetireAsync(RotationContext context, SecretVersion? previous, CancellationToken cancellationToken)
    {
        if (previous?.Reference is not { } role || role == context.Current?.Reference)
        {
            return;
        }

        await CloseAsync(context, role, cancellationToken);
        if (context.Emergency)
        {
            await ThrowOutAsync(context, role, cancellationToken);
        }
    }

    public Task DiscardAsync(RotationContext context, SecretVersion? pending, CancellationToken cancellationToken) =>
        pending?.Reference is { } role && role != context.Current?.Reference ? CloseAsync(context, role, cancellationToken) : Task.CompletedTask;

    public async Task<IReadOnlyList<string>> FindOrphansAsync(RotationContext context, CancellationToken cancellationToken)
    {
        var kept = context.Versions.Select(version => version.Reference).ToHashSet();
        string[] unknown = [.. Roles(context).Where(role => !kept.Contains(role))];
        await using var admin = await AdminAsync(context, cancellationToken);
        await using var command = new NpgsqlCommand(CanLogIn, admin);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = unknown });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var orphans = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            orphans.Add(reader.GetString(0));
        }

        return orphans;
    }

    public Task RemoveOrphanAsync(RotationContext context, string reference, CancellationToken cancellationToken) =>
        CloseAsync(context, reference, cancellationToken);

    private Task CloseAsync(RotationContext context, string role, CancellationToken cancellationToken) => ChangeAsync(
        context,
        async admin =>
        {
            if (await ExistsAsync(admin, role, cancellationToken))
            {
                await ExecuteAsync(admin, $"ALTER ROLE {Name(role)} NOLOGIN PASSWORD NULL", cancellationToken);
            }
        },
        cancellationToken);

    private async Task ThrowOutAsync(RotationContext context, string role, CancellationToken cancellationToken)
    {
        await using var admin = await AdminAsync(context, cancellationToken);
        var began = time.GetTimestamp();
        while (time.GetElapsedTime(began) < Grace)
        {
            await using var busy = new NpgsqlCommand(AtWork, admin) { Parameters = { new NpgsqlParameter<string> { TypedValue = role } } };
            if (await busy.ExecuteScalarAsync(cancellationToken) is 0L)
            {
                break;
            }

            await Task.Delay(Look, time, cancellationToken);
        }

        await using var terminate = new NpgsqlCommand(Terminate, admin) { Parameters = { new NpgsqlParameter<string> { TypedValue = role } } };
        await terminate.ExecuteNonQueryAsync(cancellationToken);
    }

    // The roles are rows of the same server, so a change of them is fenced like any other.
    private async Task ChangeAsync(RotationContext context, Func<NpgsqlConnection, Task> change, CancellationToken cancellationToken)
    {
        await using var admin = await AdminAsync(context, cancellationToken);
        await using var transaction = await admin.BeginTransactionAsync(cancellationToken);
        await database.HoldAsync(admin, context.Lease, cancellationToken);
        await change(admin);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task<NpgsqlConnection> AdminAsync(RotationContext context, CancellationToken cancellationToken)
    {
        var settings = context.Definition.Optional("AdminConnectionString") is { } own ? new NpgsqlConnectionStringBuilder(own) : database.Configured();
        settings.Pooling = false;
        settings.ApplicationName = "platform secrets";
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task<bool> ExistsAsync(NpgsqlConnection admin, string role, CancellationToken cancellationToken)
    {
        await using var known = new NpgsqlCommand(Known, admin) { Parameters = { new NpgsqlParameter<string> { TypedValue = role } } };
        return await known.ExecuteScalarAsync(cancellationToken) is not null;
    }

    private static async Task ExecuteAsync(NpgsqlConnection admin, string statement, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // names are quoted, and come from the configuration
        await using var command = new NpgsqlCommand(statement, admin);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private string Group(RotationContext context) => context.Definition.Optional("Group")
        ?? database.Configured().Username
        ?? throw new RotationException("The configured connection names no user: set Group.");

    private static string[] Roles(RotationContext context)
    {
        var prefix = context.Definition.Optional("Prefix") ?? DefaultPrefix;
        return [$"{prefix}_a", $"{prefix}_b"];
    }

    private static string NextRole(RotationContext context) => Roles(context) is var roles && context.Current?.Reference == roles[0] ? roles[1] : roles[0];

    private static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Text(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
