using Platform.Embedded.Folders;

namespace Platform.Embedded.Tests.Model;

public sealed class TopologyDescriptionTests
{
    [Fact]
    public void Resources_that_wait_for_each_other_are_refused()
    {
        var builder = DistributedApplication.CreateBuilder([]);
        var first = builder.AddProject<Here>("first");
        var second = builder.AddProject<Here>("second").WaitFor(first);
        first.WaitFor(second);
        var exception = Assert.Throws<EmbeddedException>(builder.Build);
        Assert.Equal("Resources wait for each other: first -> second -> first.", exception.Message);
    }

    [Fact]
    public void Two_resources_of_one_name_are_refused()
    {
        var builder = DistributedApplication.CreateBuilder([]);
        builder.AddRedis("cache");
        Assert.Throws<EmbeddedException>(() => builder.AddPostgres("Cache"));
    }

    [Fact]
    public void The_same_health_check_twice_is_refused_as_Aspire_does()
    {
        var project = DistributedApplication.CreateBuilder([]).AddProject<Here>("api").WithHttpEndpoint().WithHttpHealthCheck("/readyz");
        Assert.Throws<EmbeddedException>(() => project.WithHttpHealthCheck("/readyz"));
    }

    [Fact]
    public void An_endpoint_in_an_interpolated_string_fails_rather_than_giving_a_wrong_address()
    {
        var project = DistributedApplication.CreateBuilder([]).AddProject<Here>("api").WithHttpEndpoint();
        Assert.Throws<InvalidOperationException>(() => project.WithEnvironment("ISSUER", $"{project.GetEndpoint("http")}/issuer"));
    }

    [Fact]
    public async Task The_first_launch_profile_for_a_project_gives_ports_and_variables()
    {
        using var folder = ThrowawayFolder.Create();
        Directory.CreateDirectory(Path.Combine(folder.Path, "Properties"));
        await File.WriteAllTextAsync(
            Path.Combine(folder.Path, "Properties", "launchSettings.json"),
            """
            {
              // Comments and trailing commas are usual here.
              "profiles": {
                "IIS": { "commandName": "IISExpress" },
                "http": { "commandName": "Project", "applicationUrl": "http://localhost:5100", "environmentVariables": { "A": "b" }, "commandLineArgs": "x y" },
              }
            }
            """,
            TestContext.Current.CancellationToken);
        var project = Path.Combine(folder.Path, "Api.csproj");

        var profile = LaunchProfile.Read(project, name: null)!;

        Assert.Equal(5100, Assert.Single(profile.Urls).Port);
        Assert.Equal("b", profile.Environment["A"]);
        Assert.Equal(["x", "y"], profile.Arguments);
        Assert.Throws<EmbeddedException>(() => LaunchProfile.Read(project, "https"));
    }

    /// <summary>A project without a launch profile.</summary>
    private sealed class Here : IProjectMetadata
    {
        public string ProjectPath => Path.Combine(AppContext.BaseDirectory, "Here.csproj");

        public string AssemblyPath => Path.Combine(AppContext.BaseDirectory, "Here.dll");
    }
}
