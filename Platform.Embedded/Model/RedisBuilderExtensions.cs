using Platform.Embedded.Engine;

namespace Platform.Embedded;

/// <summary>Redis, or Garnet in its place.</summary>
public static class RedisBuilderExtensions
{
    /// <summary>Adds a server for Redis clients. Default port: a free one. Unlike with Aspire no password is asked for unless one is given.</summary>
    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder, string name, int? port = null, IResourceBuilder<ParameterResource>? password = null) =>
        ((DistributedApplicationBuilder)builder).Add(new RedisResource(name) { ChosenPort = port, Password = password?.Resource });

    /// <summary>Keeps the data between starts. A volume's name has no meaning here.</summary>
    public static IResourceBuilder<RedisResource> WithDataVolume(this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false)
    {
        builder.Resource.KeepsData = true;
        return builder;
    }

    /// <summary>Keeps the data between starts, by a log of all changes whatever the interval.</summary>
    public static IResourceBuilder<RedisResource> WithPersistence(
        this IResourceBuilder<RedisResource> builder, TimeSpan? interval = null, long keysChangedThreshold = 1)
    {
        builder.Resource.KeepsData = true;
        return builder;
    }

    /// <summary>Chooses the port.</summary>
    public static IResourceBuilder<RedisResource> WithHostPort(this IResourceBuilder<RedisResource> builder, int? port)
    {
        builder.Resource.ChosenPort = port;
        return builder;
    }
}
