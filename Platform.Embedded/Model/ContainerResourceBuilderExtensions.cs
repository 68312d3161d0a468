namespace Platform.Embedded;

/// <summary>What the servers have in common.</summary>
public static class ContainerResourceBuilderExtensions
{
    /// <summary>With <see cref="ContainerLifetime.Persistent"/> the data is there again after the next start.</summary>
    public static IResourceBuilder<T> WithLifetime<T>(this IResourceBuilder<T> builder, ContainerLifetime lifetime)
        where T : ContainerResource
    {
        builder.Resource.KeepsData |= lifetime == ContainerLifetime.Persistent;
        return builder;
    }
}
