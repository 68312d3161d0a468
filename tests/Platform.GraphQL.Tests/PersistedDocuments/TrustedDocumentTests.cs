using System.Diagnostics;
using System.Net;
using System.Text.Json;
using GraphQL.Validation;
using Microsoft.Extensions.DependencyInjection;
using Platform.EntityFrameworkCore.PersistedDocuments;
using Platform.GraphQL.PersistedDocuments;
using Platform.GraphQL.Tests.Hosting;
using Platform.Testing;
using static Platform.GraphQL.Tests.PersistedDocuments.PersistedRequests;

namespace Platform.GraphQL.Tests.PersistedDocuments;

/// <summary>The operators' list, loaded with the command as a deployment does.</summary>
public sealed class TrustedDocumentTests(PostgresFixture postgres) : IDisposable
{
    private const string Names = "query Names { products(first: 2) { edges { node { name } } } }";
    private const string Skus = "query Skus { products(first: 2) { edges { node { sku } } } }";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("manifest");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Only_documents_of_a_manifest_run_and_the_others_are_listed()
    {
        await using var replica = await Replica.StartAsync(postgres, null, null, ("Mode", "TrustedOnly"), ("TrustLifetime", "00:00:01"), ("MissLifetime", "00:00:00"), ("FlushInterval", "00:00:00.1"));
        var before = await replica.PostAsync(new { queryHash = Sha256(Names) });
        var import = await RunAsync(replica, "documents", "import", Write("apollo.json", ApolloManifest((Sha256(Names), Names))), "--format", "apollo", "--client", "web");

        var byHash = await replica.PostAsync(new { queryHash = Sha256(Names) });
        var byText = await replica.PostAsync(new { query = Names });
        var adHoc = await replica.PostAsync(new { query = Skus, operationName = "Skus" }, client: "curl");
        var registered = await replica.PostAsync(new { query = Skus, queryHash = Sha256(Skus) });
        var afterwards = await replica.PostAsync(new { queryHash = Sha256(Skus) });

        Assert.Equal(HttpStatusCode.NotFound, before.Status);
        Assert.Equal((0, "1 added, 0 kept, 0 removed for client 'web'."), (import.ExitCode, import.Output));
        Assert.Empty(byHash.Errors);
        Assert.Empty(byText.Errors);
        Assert.Equal((HttpStatusCode.Forbidden, "OPERATION_NOT_TRUSTED"), (adHoc.Status, adHoc.Code));
        Assert.Equal("OPERATION_NOT_TRUSTED", registered.Code);
        Assert.Equal(HttpStatusCode.NotFound, afterwards.Status);

        await Eventually.BecomesTrueAsync(
            async () => await replica.CountAsync("select coalesce(sum(count), 0)::bigint from platform.core_unknown_operation where client = 'curl' or client is null") == 2,
            TimeSpan.FromSeconds(20));
        Assert.Contains("Skus  curl", (await RunAsync(replica, "documents", "unknown")).Output, StringComparison.Ordinal);

        // Trust that is taken away ends within the time that the option gives.
        Assert.Equal(0, (await RunAsync(replica, "documents", "remove", Sha256(Names))).ExitCode);
        await Eventually.BecomesTrueAsync(
            async () => (await replica.PostAsync(new { queryHash = Sha256(Names) })).Status == HttpStatusCode.NotFound, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Report_only_runs_everything_and_counts_what_would_be_refused()
    {
        await using var replica = await Replica.StartAsync(postgres, null, null, ("Mode", "ReportOnly"), ("FlushInterval", "00:00:00.1"));
        Assert.Empty((await ImportAsync(replica, Write("relay.json", Map(("0123456789abcdef0123456789abcdef", Names))), ManifestFormat.Relay)).Errors);

        for (var i = 0; i < 3; i++)
        {
            Assert.Empty((await replica.PostAsync(new { query = Names })).Errors);
            Assert.Empty((await replica.PostAsync(new { query = Skus, operationName = "Skus" }, client: "web")).Errors);
            Assert.Empty((await replica.PostAsync(new { documentId = "0123456789abcdef0123456789abcdef" })).Errors);
        }

        await Eventually.BecomesTrueAsync(
            async () => await replica.CountAsync("select coalesce(sum(count), 0)::bigint from platform.core_unknown_operation") == 3
                && await replica.CountAsync("select coalesce(sum(uses), 0)::bigint from platform.core_persisted_document") == 6,
            TimeSpan.FromSeconds(20));
        Assert.Equal(1, await replica.CountAsync("select count(*) from platform.core_unknown_operation where operation_name = 'Skus' and client = 'web'"));
    }

    [Fact]
    public async Task Manifests_of_all_formats_are_taken_and_a_client_keeps_only_what_its_newest_one_holds()
    {
        await using var replica = await Replica.StartAsync(postgres, null, null, ("Mode", "TrustedOnly"));
        var folder = _folder.CreateSubdirectory("documents");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"{Sha256(Names)}.graphql"), Names, TestContext.Current.CancellationToken);

        var apollo = await ImportAsync(replica, Write("a.json", ApolloManifest(("apollo-1", Names), (Sha256(Skus), Skus))), ManifestFormat.Apollo, "ios");
        var urql = await ImportAsync(replica, Write("u.json", Map(("0123456789abcdef0123456789abcdef01234567", Names))), ManifestFormat.Urql, "web");
        var plain = await ImportAsync(replica, folder.FullName, ManifestFormat.Folder, "web");
        var replaced = await ImportAsync(replica, Write("a2.json", ApolloManifest(("apollo-1", Names))), ManifestFormat.Apollo, "ios", replace: true);

        Assert.Equal(["3 added, 0 kept, 0 removed for client 'ios'.", "1 added, 1 kept, 0 removed for client 'web'.", "0 added, 1 kept, 0 removed for client 'web'.", "0 added, 2 kept, 1 removed for client 'ios'."],
            new[] { apollo, urql, plain, replaced }.Select(result => result.Errors.Count == 0 ? result.Summary : string.Join('\n', result.Errors)));
        Assert.Empty((await replica.PostAsync(new { documentId = "apollo-1" })).Errors);
        Assert.Empty((await replica.PostAsync(new { documentId = "0123456789abcdef0123456789abcdef01234567" })).Errors);
        Assert.Equal(HttpStatusCode.NotFound, (await replica.PostAsync(new { queryHash = Sha256(Skus) })).Status);
    }

    [Fact]
    public async Task Manifest_with_one_wrong_document_saves_nothing_and_names_it()
    {
        await using var replica = await Replica.StartAsync(postgres);
        (string Content, ManifestFormat Format, string Complaint)[] wrong =
        [
            (ApolloManifest((Sha256(Names), Names), (Sha256("other"), Skus)), ManifestFormat.Apollo, Sha256("other")),
            (ApolloManifest((Sha256(Names), Names), ("gone", "query Gone { nothing }")), ManifestFormat.Apollo, "gone"),
            (Map(("half", "query Half {")), ManifestFormat.Relay, "half: syntax error"),
            (Map(("fragment", "fragment F on Product { name }")), ManifestFormat.Urql, "fragment: no operation"),
            (Map(("has spaces", Names)), ManifestFormat.Urql, "has spaces: not a document identifier"),
            ("{", ManifestFormat.Relay, "not JSON"),
            ("[]", ManifestFormat.Relay, "Not an object"),
            ("""{"format": "another", "version": 1, "operations": []}""", ManifestFormat.Apollo, "Not a manifest"),
        ];
        foreach (var (content, format, complaint) in wrong)
        {
            Assert.Contains((await ImportAsync(replica, Write("wrong.json", content), format)).Errors, error => error.Contains(complaint, StringComparison.Ordinal));
        }

        var run = await RunAsync(replica, "documents", "import", Write("wrong.json", wrong[1].Content), "--format", "apollo");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("gone: ", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, await replica.CountAsync("select count(*) from platform.core_persisted_document"));
        Assert.Equal(2, (await RunAsync(replica, "documents", "import", "nothing", "--format", "soap")).ExitCode);
    }

    [Fact]
    public async Task Identifier_that_stands_for_another_text_already_is_a_conflict()
    {
        await using var replica = await Replica.StartAsync(postgres);
        Assert.Empty((await ImportAsync(replica, Write("1.json", Map(("mine", Names))), ManifestFormat.Relay, "one")).Errors);

        var result = await ImportAsync(replica, Write("2.json", Map(("mine", Skus), ("new", Skus))), ManifestFormat.Relay, "two");

        Assert.Contains("mine: stands for another text", Assert.Single(result.Errors), StringComparison.Ordinal);
        Assert.Equal(2, await replica.CountAsync("select count(*) from platform.core_persisted_document"));
    }

    private static string Map(params (string Id, string Text)[] documents) => JsonSerializer.Serialize(documents.ToDictionary(d => d.Id, d => d.Text));

    private static string ApolloManifest(params (string Id, string Text)[] documents) => JsonSerializer.Serialize(new
    {
        format = "apollo-persisted-query-manifest",
        version = 1,
        operations = documents.Select(d => new { id = d.Id, name = "Any", type = "query", body = d.Text }),
    });

    private static Task<ManifestResult> ImportAsync(Replica replica, string path, ManifestFormat format, string client = "default", bool replace = false) =>
        new ManifestLoader(new ManifestCheck(replica.Schema, new DocumentValidator()), replica.Services.GetRequiredService<PersistedDocumentStore>())
            .RunAsync(path, format, client, replace, checkOnly: false, TestContext.Current.CancellationToken);

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(PlatformHost host, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ConnectionStrings__platformdb"] = host.Database.ConnectionString;
        start.Environment["ConnectionStrings__redis"] = "";
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, (await output).Trim(), await error);
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }
}
