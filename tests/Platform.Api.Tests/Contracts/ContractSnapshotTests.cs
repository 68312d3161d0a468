using System.Text;
using Platform.Api.Tests.Support;
using Platform.Contracts.Clients;
using Platform.Contracts.Compatibility;
using Platform.Contracts.Model;

namespace Platform.Api.Tests.Contracts;

/// <summary>
/// What runs is what is committed. <c>PLATFORM_UPDATE_DOCUMENTS=1</c> writes document and client anew, unless that breaks somebody;
/// <c>PLATFORM_UPDATE_DOCUMENTS=breaking</c> in any case.
/// </summary>
public sealed class ContractSnapshotTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Document_is_the_committed_one_and_breaks_nobody()
    {
        var running = await api.Anonymous.GetByteArrayAsync("/openapi/v1.json", TestContext.Current.CancellationToken);
        var text = Encoding.UTF8.GetString(running).ReplaceLineEndings("\n").TrimEnd() + "\n";
        var before = File.Exists(CommittedContract.FilePath) ? await File.ReadAllTextAsync(CommittedContract.FilePath, TestContext.Current.CancellationToken) : text;
        var broken = ContractComparison.BreakingChanges(ContractDocument.Parse(Encoding.UTF8.GetBytes(before)), ContractDocument.Parse(running));
        Assert.True(
            broken.Count == 0 || CommittedContract.Update == "breaking",
            $"Clients of the committed contract (docs/openapi/v1.json) would break:\n{string.Join('\n', broken)}");
        if (CommittedContract.Update is not null)
        {
            await File.WriteAllTextAsync(CommittedContract.FilePath, text, TestContext.Current.CancellationToken);
            await ClientGenerator.WriteAsync(ContractDocument.Parse(running), CommittedContract.ClientFolder, TestContext.Current.CancellationToken);
            return;
        }

        Assert.True(before.ReplaceLineEndings("\n") == text, $"docs/openapi/v1.json is not what runs, from line {FirstDifference(before, text)} on: run this test with PLATFORM_UPDATE_DOCUMENTS=1.");
    }

    [Fact]
    public async Task Client_is_the_one_that_the_document_gives()
    {
        if (CommittedContract.Update is not null)
        {
            return;
        }

        var files = ClientGenerator.Generate(ContractDocument.Parse(await File.ReadAllBytesAsync(CommittedContract.FilePath, TestContext.Current.CancellationToken)));
        var committed = Directory.GetFiles(CommittedContract.ClientFolder, "*.g.cs").Select(path => Path.GetFileName(path));
        const string How = "dotnet run --project tools/Platform.Contracts -- client docs/openapi/v1.json clients/Platform.Client/Generated";
        Assert.Equal(files.Keys.Order(StringComparer.Ordinal), committed.Order(StringComparer.Ordinal));
        foreach (var (name, text) in files)
        {
            var before = await File.ReadAllTextAsync(Path.Combine(CommittedContract.ClientFolder, name), TestContext.Current.CancellationToken);
            Assert.True(before.ReplaceLineEndings("\n") == text, $"{name} is not what the document gives: {How}");
        }
    }

    private static int FirstDifference(string before, string after) =>
        before.Split('\n').Zip(after.Split('\n')).TakeWhile(lines => lines.First.TrimEnd() == lines.Second).Count() + 1;
}
