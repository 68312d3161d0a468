using System.Globalization;
using System.Net;
using Npgsql;

namespace Platform.Embedded;

/// <summary>Where a PostgreSQL server listens, and who may come in.</summary>
internal sealed record PostgresAddress(int Port, string UserName, string Password)
{
    private static string Host => IPAddress.Loopback.ToString();

    public string ConnectionString(string? database) => new NpgsqlConnectionStringBuilder
    {
        Host = Host,
        Port = Port,
        Username = UserName,
        Password = Password,
        Database = database,
    }.ConnectionString;

    public IEnumerable<KeyValuePair<string, string>> Properties(string? database)
    {
        var path = database is null ? "" : $"/{Uri.EscapeDataString(database)}";
        yield return new("Host", Host);
        yield return new("Port", Port.ToString(CultureInfo.InvariantCulture));
        yield return new("Username", UserName);
        yield return new("Password", Password);
        yield return new("Uri", $"postgresql://{Uri.EscapeDataString(UserName)}:{Uri.EscapeDataString(Password)}@{Host}:{Port}{path}");
        yield return new("JdbcConnectionString", $"jdbc:postgresql://{Host}:{Port}{path}");
        if (database is not null)
        {
            yield return new("DatabaseName", database);
        }
    }
}
