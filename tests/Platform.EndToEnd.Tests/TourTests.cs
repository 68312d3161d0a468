using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Platform.EndToEnd.Tests;

/// <summary>The README's tour works as pasted.</summary>
[Collection("one platform, and one test kills its worker")]
public sealed partial class TourTests(RunningPlatform platform)
{
    [Fact]
    public async Task Tour_of_the_readme_works_as_pasted()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(RunningPlatform.Root, "README.md"), TestContext.Current.CancellationToken);
        var tour = BashBlock().Matches(readme).Select(match => match.Groups[1].Value).Single(block => block.Contains("connect/token", StringComparison.Ordinal));

        // Only the addresses differ: the tests run beside whatever holds the default ports.
        tour = tour.Replace("http://localhost:5100", platform.Api.ToString().TrimEnd('/'), StringComparison.Ordinal)
            .Replace("http://localhost:5200", platform.GraphQL.ToString().TrimEnd('/'), StringComparison.Ordinal);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", tour]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = bash.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = bash.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await bash.WaitForExitAsync(limit.Token);
        }
        finally
        {
            bash.Kill(entireProcessTree: true);
        }

        var printed = await output;
        Assert.True(bash.ExitCode == 0, $"{printed}\n{await errors}\n{platform.Output}");
        Assert.Matches("\"items\"", printed);
        Assert.Matches("\"status\": *\"paid\"", printed);
        Assert.Matches("\"data\": *\\{\"order\": *\\{\"status\"", printed);
    }

    [GeneratedRegex("```bash\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex BashBlock();
}
