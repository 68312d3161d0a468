namespace Platform.Embedded;

/// <summary>A PostgreSQL server.</summary>
public sealed class PostgresServerResource(string name) : ContainerResource(name), IResourceWithConnectionString, IConnection
{
    internal List<PostgresDatabaseResource> Databases { get; } = [];

    internal ParameterResource? UserName { get; set; }

    /// <summary>Known once the engine has chosen port and password.</summary>
    internal PostgresAddress? Address { get; set; }

    string IConnection.ConnectionString => Require().ConnectionString(database: null);

    IEnumerable<KeyValuePair<string, string>> IConnection.Properties => Require().Properties(database: null);

    internal PostgresAddress Require() => Address ?? throw new InvalidOperationException($"'{Name}' has no address before the topology starts.");
}

/// <summary>A database of a PostgreSQL server, made when it is not there.</summary>
public sealed class PostgresDatabaseResource(string name, string databaseName, PostgresServerResource parent)
    : Resource(name), IResourceWithConnectionString, IConnection
{
    /// <summary>Its name on the server.</summary>
    public string DatabaseName { get; } = databaseName;

    /// <summary>The server.</summary>
    public PostgresServerResource Parent { get; } = parent;

    string IConnection.ConnectionString => Parent.Require().ConnectionString(DatabaseName);

    IEnumerable<KeyValuePair<string, string>> IConnection.Properties => Parent.Require().Properties(DatabaseName);
}
