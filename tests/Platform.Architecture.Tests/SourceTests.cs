using System.Text.RegularExpressions;

namespace Platform.Architecture.Tests;

/// <summary>Holds the house rules that no analyzer does.</summary>
public sealed partial class SourceTests
{
    [Fact]
    public void App_host_is_one_page_that_reads_as_the_topology()
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "Platform.AppHost"), "*.cs");
        var file = Assert.Single(files);
        Assert.InRange(File.ReadAllLines(file).Length, 1, 79);
    }

    [Fact]
    public void Choice_between_aspire_and_embedded_is_made_in_project_files_only()
    {
        Assert.DoesNotContain(
            Repository.Sources(),
            path => File.ReadLines(path).Any(line => line.TrimStart().StartsWith("#if", StringComparison.Ordinal)));
    }

    [Fact]
    public void Types_are_named_for_their_role()
    {
        var vague = Repository.Sources()
            .SelectMany(path => Declaration().Matches(File.ReadAllText(path)).Select(match => match.Groups[1].Value))
            .Where(name => Vague().IsMatch(name));
        // Microsoft.FeatureManagement names its interface so, and who implements it follows.
        Assert.DoesNotContain(vague, name => !name.EndsWith("FeatureManager", StringComparison.Ordinal));
    }

    [Fact]
    public void Building_blocks_never_save_behind_the_callers_back()
    {
        // The dispatcher and the inbox own their unit of work: that is what they are for. Nothing else of the building blocks may save.
        string[] owners = ["Messaging", "Identity"];
        var saving = Repository.Sources()
            .Where(path => Repository.Relative(path).StartsWith("Platform.EntityFrameworkCore/", StringComparison.Ordinal))
            .Where(path => !owners.Contains(Repository.Relative(path).Split('/')[1], StringComparer.Ordinal))
            .Where(path => File.ReadAllText(path).Contains(".SaveChanges", StringComparison.Ordinal));
        Assert.Empty(saving);
    }

    [GeneratedRegex(@"\b(?:class|record|struct|interface|enum)\s+([A-Z]\w+)")]
    private static partial Regex Declaration();

    [GeneratedRegex("(Manager|Helpers?|Utils?|Utility|Common|Base)$")]
    private static partial Regex Vague();
}
