using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Platform.Api.Tests.Support;
using Platform.Testing;

namespace Platform.TokenBinding.Tests.Documentation;

/// <summary>The examples of docs/security.md do what they say: an independent client, and curl with openssl.</summary>
public sealed class SecurityDocumentTests(PostgresFixture postgres, RedisFixture redis)
{
    [Theory]
    [InlineData("Never")]
    [InlineData("Everywhere")]
    public async Task Oauth4webapi_gets_from_token_to_api_call(string nonces)
    {
        await using var database = await postgres.CreateDatabaseAsync(PlatformTemplate.Seeded);
        var (api, address) = await StartAsync(database, ("Platform:TokenBinding:DPoP:RequireNonce", nonces));
        await using var host = api;
        var folder = Folder();
        foreach (var file in (string[])["package.json", "package-lock.json"])
        {
            File.Copy(Path.Combine(Metadata("ProjectFolder"), "oauth4webapi", file), Path.Combine(folder, file));
        }

        await RunAsync(folder, address, "npm", "ci", "--no-audit", "--no-fund");
        await File.WriteAllTextAsync(Path.Combine(folder, "client.mjs"), Block("oauth4webapi", "js"), TestContext.Current.CancellationToken);

        // The library gives the type in lower case.
        Assert.Equal("dpop 200 1", (await RunAsync(folder, address, "node", "client.mjs")).Trim());
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Curl_and_openssl_get_from_token_to_api_call()
    {
        await using var database = await postgres.CreateDatabaseAsync(PlatformTemplate.Seeded);
        var (api, address) = await StartAsync(database);
        await using var host = api;
        var folder = Folder();
        await File.WriteAllTextAsync(Path.Combine(folder, "client.sh"), Block("curl", "bash"), TestContext.Current.CancellationToken);
        var output = await RunAsync(folder, address, "bash", "-eu", "client.sh");
        Assert.Contains("\"items\":[{", output, StringComparison.Ordinal);
        Assert.EndsWith("401", output.Trim(), StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    private async Task<(ApiServer Api, string Address)> StartAsync(TestDatabase database, params (string, string)[] settings)
    {
        // The issuer's name holds the port, so it has to be known before.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var issuer = $"http://localhost:{port}";
        var api = new ApiServer(
            database.ConnectionString, (await redis.GetServerAsync()).ConnectionString, port, [("Platform:Identity:Issuer", issuer), .. settings]);
        api.CreateClient().Dispose();
        return (api, issuer);
    }

    private static string Folder() => Directory.CreateTempSubdirectory("platform-security-").FullName;

    private static string Block(string name, string language)
    {
        var text = File.ReadAllText(Path.Combine(Metadata("PlatformRoot"), "docs", "security.md"));
        var start = text.IndexOf($"<!-- a test runs this: {name} -->\n```{language}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"docs/security.md has no block {name}.");
        var code = text[(text.IndexOf($"```{language}\n", start, StringComparison.Ordinal) + language.Length + 4)..];
        return code[..code.IndexOf("\n```", StringComparison.Ordinal)] + "\n";
    }

    private static async Task<string> RunAsync(string folder, string address, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["API"] = address;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {output}{await error}");
        return output;
    }

    private static string Metadata(string key) => typeof(SecurityDocumentTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
