using Platform.Errors;

namespace Platform.Core.Tests.Errors;

/// <summary><c>docs/errors.md</c> is the catalogue.</summary>
public sealed class ErrorDocumentTests
{
    [Fact]
    public void Document_is_made_of_the_catalogue()
    {
        var path = Path.Combine(Root(), "docs", "errors.md");
        var expected = ErrorCatalogueText.Markdown();
        if (Environment.GetEnvironmentVariable("PLATFORM_UPDATE_DOCUMENTS") == "1")
        {
            File.WriteAllText(path, expected);
        }

        Assert.True(File.ReadAllText(path).ReplaceLineEndings("\n") == expected.ReplaceLineEndings("\n"), "docs/errors.md is not the catalogue's: run this test with PLATFORM_UPDATE_DOCUMENTS=1.");
    }

    [Fact]
    public void Every_code_says_when_it_happens_and_what_to_do_about_it() => Assert.All(ErrorCode.All, code =>
    {
        Assert.EndsWith(".", code.Summary, StringComparison.Ordinal);
        Assert.EndsWith(".", code.Advice, StringComparison.Ordinal);
        Assert.True(code.Retry is RetryAdvice.AfterChange || code.Status is 408 or 409 or 429 or >= 500, $"{code} promises that trying again helps.");
    });

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Platform.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
