using Platform.Embedded.Engine;

namespace Platform.Embedded;

/// <summary>PostgreSQL.</summary>
public static class PostgresBuilderExtensions
{
    /// <summary>Adds a PostgreSQL server of this machine's own.</summary>
    /// <remarks>Default user: <c>postgres</c>. Default password: a generated one, which is kept. Default port: a free one.</remarks>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null) =>
        ((DistributedApplicationBuilder)builder).Add(new PostgresServerResource(name)
        {
            UserName = userName?.Resource,
            Password = password?.Resource,
            ChosenPort = port,
        });

    /// <summary>Adds a database, named as the resource unless <paramref name="databaseName"/> is given.</summary>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null)
    {
        var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
        builder.Resource.Databases.Add(database);
        return ((DistributedApplicationBuilder)builder.ApplicationBuilder).Add(database);
    }

    /// <summary>Keeps the data between starts. A volume's name has no meaning here.</summary>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(
        this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false)
    {
        builder.Resource.KeepsData = true;
        return builder;
    }

    /// <summary>Chooses the port.</summary>
    public static IResourceBuilder<PostgresServerResource> WithHostPort(this IResourceBuilder<PostgresServerResource> builder, int? port)
    {
        builder.Resource.ChosenPort = port;
        return builder;
    }
}
