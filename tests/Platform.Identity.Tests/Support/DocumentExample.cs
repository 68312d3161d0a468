using System.Diagnostics;
using System.Reflection;
using Platform.Api.Tests.Support;
using Platform.Testing;

namespace Platform.Identity.Tests.Support;

/// <summary>An example of a document under <c>docs</c>, run as a reader would run it, against an API at an address that is known before.</summary>
internal sealed class DocumentExample : IAsyncDisposable
{
    private readonly ApiServer _api;
    private readonly string _address;

    private DocumentExample(ApiServer api, string address) => (_api, _address) = (api, address);

    /// <summary>A folder that goes with the example.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("platform-example-").FullName;

    public static DocumentExample Start(string postgres, string redis = "127.0.0.1:1", params (string Name, string Value)[] settings)
    {
        // The issuer's name holds the port, so it has to be known before.
        var port = FreePort.Find();
        var issuer = $"http://localhost:{port}";
        var api = new ApiServer(postgres, redis, port, [("Platform:Identity:Issuer", issuer), .. settings]);
        api.CreateClient().Dispose();
        return new DocumentExample(api, issuer);
    }

    /// <summary>The code below <c>a test runs this: name</c>.</summary>
    public static string Block(string document, string name, string language)
    {
        var text = File.ReadAllText(Path.Combine(Metadata("PlatformRoot"), "docs", document));
        var start = text.IndexOf($"<!-- a test runs this: {name} -->\n```{language}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"docs/{document} has no block {name}.");
        var code = text[(text.IndexOf($"```{language}\n", start, StringComparison.Ordinal) + language.Length + 4)..];
        return code[..code.IndexOf("\n```", StringComparison.Ordinal)] + "\n";
    }

    /// <summary>What the test project says of itself.</summary>
    public static string Metadata(string key) => typeof(DocumentExample).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;

    /// <summary>Writes a file into the folder.</summary>
    public Task WriteAsync(string name, string content) =>
        File.WriteAllTextAsync(Path.Combine(Folder, name), content, TestContext.Current.CancellationToken);

    /// <summary>Runs a program in the folder, which has to end well.</summary>
    /// <returns>What it printed.</returns>
    public async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["API"] = _address;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {output}{await error}");
        return output;
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
