using Platform.Embedded.Engine;

namespace Platform.Embedded;

/// <summary>Projects.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a project with its default launch profile: the one of the AppHost's own profile's name, otherwise the first.</summary>
    /// <typeparam name="TProject">One of the classes in the namespace <c>Projects</c>.</typeparam>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new()
    {
        var metadata = new TProject();
        return builder.Add(name, metadata, LaunchProfile.Read(metadata.ProjectPath, name: null));
    }

    /// <summary>Adds a project with a launch profile. Null: with none, so without the ports and variables that are written there.</summary>
    /// <typeparam name="TProject">One of the classes in the namespace <c>Projects</c>.</typeparam>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder, string name, string? launchProfileName)
        where TProject : IProjectMetadata, new()
    {
        var metadata = new TProject();
        return builder.Add(name, metadata, launchProfileName is null ? null : LaunchProfile.Read(metadata.ProjectPath, launchProfileName));
    }

    /// <summary>Runs several processes of the project behind one port. Connections go to the healthy ones in turn.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        builder.Resource.Replicas = replicas;
        return builder;
    }

    private static ResourceBuilder<ProjectResource> Add(
        this IDistributedApplicationBuilder builder, string name, IProjectMetadata metadata, LaunchProfile? profile)
    {
        var project = new ProjectResource(name, metadata);
        if (profile is not null)
        {
            foreach (var url in profile.Urls)
            {
                project.Endpoints.Add(new ProjectEndpoint(url.Scheme, url.Scheme) { ChosenPort = url.Port });
            }
            project.Environment.AddRange(profile.Environment.Select(variable => KeyValuePair.Create(variable.Key, () => (string?)variable.Value)));
            project.Arguments.AddRange(profile.Arguments);
        }
        return ((DistributedApplicationBuilder)builder).Add(project);
    }
}
