using Platform.Api.Tests.Support;
using Platform.Testing;

namespace Platform.Api.Tests.Contracts;

/// <summary>The committed document is clean by Spectral's rules and those of <c>.spectral.yaml</c>.</summary>
public sealed class LintTests
{
    [Fact]
    public Task Document_is_lint_clean() => new NodeFolder("spectral").RunAsync(
        "node_modules/.bin/spectral",
        ["lint", CommittedContract.FilePath, "--ruleset", ".spectral.yaml", "--fail-severity=hint"],
        cancellationToken: TestContext.Current.CancellationToken);
}
