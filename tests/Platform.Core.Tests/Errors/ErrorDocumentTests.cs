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

    [Fact]
    public void Every_code_is_sent_by_some_code()
    {
        var sources = Directory.EnumerateDirectories(Root(), "Platform.*")
            .SelectMany(room => Directory.EnumerateFiles(room, "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.EndsWith("/Errors/ErrorCode.cs", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/Documentation/", StringComparison.Ordinal))
            .Select(File.ReadAllText)
            .ToArray();
        var names = typeof(ErrorCode).GetProperties().Where(property => property.PropertyType == typeof(ErrorCode)).Select(property => property.Name).ToArray();
        Assert.Equal(ErrorCode.All.Count, names.Length);

        // Slow requests are the server's to find out: all it says is the status.
        var unsent = names.Where(name => !sources.Any(text => text.Contains($"ErrorCode.{name}", StringComparison.Ordinal)));
        Assert.Equal([nameof(ErrorCode.RequestTimeout)], unsent);
    }

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
