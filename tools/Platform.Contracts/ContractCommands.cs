using System.Globalization;
using System.Text.Json;
using Platform.Contracts.Clients;
using Platform.Contracts.Compatibility;
using Platform.Contracts.Fuzzing;
using Platform.Contracts.Model;

namespace Platform.Contracts;

/// <summary>What can be done with the document of an API on the command line.</summary>
internal static class ContractCommands
{
    private const string Usage = """
        compare <before.json> <after.json>
            Lists what breaks clients of the former document; ends with 1 if anything does.
        client <document.json> <folder>
            Writes the C# client of a document.
        fuzz <document.json> <address> <client id> <client secret> [--requests 100000] [--minutes 60] [--workers 8] [--seed 1]
            Sends requests that are made from the document, as they should be and not; ends with 1 on a 5xx, an answer outside the document, or none.
        """;

    public static async Task<int> RunAsync(string[] arguments)
    {
        switch (arguments)
        {
            case ["compare", var before, var after]:
                return await CompareAsync(before, after);
            case ["client", var document, var folder]:
                return await WriteClientAsync(document, folder);
            case ["fuzz", var document, var address, var id, var secret, .. var options]:
                return await FuzzAsync(document, new Uri(address), id, secret, options);
            default:
                await Console.Error.WriteLineAsync(Usage);
                return 2;
        }
    }

    private static async Task<int> CompareAsync(string before, string after)
    {
        var changes = ContractComparison.BreakingChanges(await ReadAsync(before), await ReadAsync(after));
        foreach (var change in changes)
        {
            Console.WriteLine(change);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{changes.Count} breaking changes"));
        return changes.Count == 0 ? 0 : 1;
    }

    private static async Task<int> WriteClientAsync(string document, string folder)
    {
        await ClientGenerator.WriteAsync(await ReadAsync(document), folder, CancellationToken.None);
        return 0;
    }

    private static async Task<int> FuzzAsync(string document, Uri address, string id, string secret, string[] options)
    {
        var run = new FuzzRun(await ReadAsync(document), address, await TokenAsync(address, id, secret), Number("--seed", 1));
        var report = await run.RunAsync(Number("--requests", 100_000), TimeSpan.FromMinutes(Number("--minutes", 60)), Number("--workers", 8), CancellationToken.None);
        Console.WriteLine(report.ToText());
        return report.Findings.Count == 0 ? 0 : 1;

        int Number(string name, int otherwise) =>
            Array.IndexOf(options, name) is >= 0 and var index && index + 1 < options.Length ? int.Parse(options[index + 1], CultureInfo.InvariantCulture) : otherwise;
    }

    private static async Task<string> TokenAsync(Uri address, string id, string secret)
    {
        using var client = new HttpClient();
        using var form = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", id), new("client_secret", secret)]);
        using var response = await client.PostAsync(new Uri(address, "/connect/token"), form);
        response.EnsureSuccessStatusCode();
        using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        return body.RootElement.GetProperty("access_token").GetString()!;
    }

    private static async Task<ContractDocument> ReadAsync(string path) => ContractDocument.Parse(await File.ReadAllBytesAsync(path));
}
