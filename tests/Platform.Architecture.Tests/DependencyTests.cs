namespace Platform.Architecture.Tests;

/// <summary>Holds the picture in README.md and docs/adr/0001: dependencies point down only.</summary>
public sealed class DependencyTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Platform.Core"] = [],
        ["Platform.EntityFrameworkCore"] = ["Platform.Core"],
        ["Platform.ServiceDefaults"] = ["Platform.Core"],
        ["Platform.RabbitMq"] = ["Platform.Core"],
        ["Platform.AzureKeyVault"] = ["Platform.Core"],
        ["Platform.Domain"] = ["Platform.Core", "Platform.EntityFrameworkCore"],
        ["Platform.Api"] = ["Platform.Core", "Platform.EntityFrameworkCore", "Platform.Domain", "Platform.ServiceDefaults", "Platform.AzureKeyVault"],
        ["Platform.GraphQL"] = ["Platform.Core", "Platform.EntityFrameworkCore", "Platform.Domain", "Platform.ServiceDefaults", "Platform.AzureKeyVault"],
        ["Platform.Testing.Xunit"] = ["Platform.Core", "Platform.Embedded"],
        ["Platform.Worker"] = ["Platform.Core", "Platform.EntityFrameworkCore", "Platform.Domain", "Platform.ServiceDefaults", "Platform.RabbitMq", "Platform.AzureKeyVault"],
        ["Platform.Embedded"] = [],
        ["Platform.AppHost"] = ["Platform.Api", "Platform.GraphQL", "Platform.Worker", "Platform.Embedded", "PaymentGateway"],
        ["PaymentGateway"] = [],
    };

    public static TheoryData<string> Projects() => [.. Repository.Projects.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_references_only_what_lies_below_it(string project)
    {
        Assert.True(Allowed.TryGetValue(project, out var allowed), $"{project} has no place in the picture: give it one here.");
        Assert.Empty(Repository.ReferencesOf(project).Except(allowed, StringComparer.Ordinal));
    }

    [Fact]
    public void Core_knows_no_web_database_or_cache_library()
    {
        string[] heavy = ["Microsoft.AspNetCore", "Microsoft.EntityFrameworkCore", "Npgsql", "StackExchange.Redis", "RabbitMQ", "OpenTelemetry", "OpenIddict", "GraphQL"];
        Assert.DoesNotContain(Repository.PackagesOf("Platform.Core"), package => heavy.Any(name => package.StartsWith(name, StringComparison.Ordinal)));
        Assert.Empty(Repository.FrameworksOf("Platform.Core"));
    }

    [Theory]
    [InlineData("Platform.EntityFrameworkCore")]
    [InlineData("Platform.Domain")]
    public void Libraries_below_the_hosts_know_no_web_framework(string project)
    {
        Assert.Empty(Repository.FrameworksOf(project));
        Assert.DoesNotContain(Repository.PackagesOf(project), package => package.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
    }
}
