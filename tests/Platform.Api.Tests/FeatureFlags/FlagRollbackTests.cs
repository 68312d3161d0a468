using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Commands;
using Platform.Api.Tests.Support;
using Platform.Embedded.Folders;
using Platform.Errors;
using Platform.FeatureFlags;
using Platform.Testing;

namespace Platform.Api.Tests.FeatureFlags;

/// <summary>Everything off with one call or one command, and back.</summary>
public sealed class FlagRollbackTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly ApiHost _api = new(postgres);

    public ValueTask InitializeAsync() => _api.InitializeAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task One_call_turns_everything_off_and_one_call_brings_an_equal_document_back()
    {
        await CreateAsync();
        var before = await EverythingAsync();
        await (await _api.Client.PostJsonAsync("/api/v1/flags/off", "{}")).AssertProblemAsync(ErrorCode.ValidationError);
        using var off = await _api.Client.PostJsonAsync("/api/v1/flags/off", """{"reason":"incident 7"}""");
        var change = await off.JsonAsync();
        Assert.Equal(["disabled flag a", "disabled flag m", "disabled switch s", "rollout_changed sample p"], change["entries"]!.AsArray().Select(entry => $"{entry!["action"]} {entry["kind"]} {entry["name"]}"));
        using var asked = await _api.Client.PostJsonAsync("/api/v1/flags/a/evaluate", "{}");
        Assert.Equal("killed", (string)(await asked.JsonAsync())["reason"]!);

        using var undo = await _api.Client.PostJsonAsync($"/api/v1/flags/audit/{change["changeId"]}/undo", """{"reason":"over"}""");
        Assert.Equal(HttpStatusCode.OK, undo.StatusCode);
        Assert.Equal(before, await EverythingAsync());
        using var unknown = await _api.Client.PostJsonAsync($"/api/v1/flags/audit/{Guid.Empty}/undo", "{}");
        await unknown.AssertProblemAsync(ErrorCode.ResourceNotFound);
    }

    [Fact]
    public async Task One_command_does_the_same()
    {
        await CreateAsync();
        var before = await EverythingAsync();
        Assert.Equal(2, await HereAsync("flags", "off", "--all"));
        Assert.Contains("25 %", (await RunAsync("flags", "list")).Output, StringComparison.Ordinal);
        var (code, output, _) = await RunAsync("flags", "off", "--all", "--reason", "incident 8");
        Assert.Equal(0, code);
        var id = output.Split("flags undo ")[1].Trim();
        await Eventually.BecomesTrueAsync(async () =>
        {
            using var asked = await _api.Client.PostJsonAsync("/api/v1/flags/a/evaluate", "{}");
            return (string)(await asked.JsonAsync())["reason"]! == "killed";
        });
        Assert.Equal(0, (await RunAsync("flags", "undo", id)).Code);
        Assert.Equal(before, await EverythingAsync());
        var entry = (await _api.Client.GetJsonAsync("/api/v1/flags/audit?action=disabled&limit=1"))["items"]![0]!;
        Assert.Equal(("incident 8", $"cli:{Environment.UserName}"), ((string)entry["reason"]!, (string)entry["actor"]!));
    }

    [Fact]
    public async Task Files_of_each_system_come_in_and_go_out_the_same()
    {
        (string Format, string File)[] files =
        [
            ("platform", """{"flags":[{"name":"o","percent":5}],"switches":[],"samples":[],"segments":[],"envelopes":{}}"""),
            ("waffle", """[{"model":"waffle.flag","pk":1,"fields":{"name":"w","everyone":null,"percent":"25.5","testing":false,"superusers":true,"staff":false,"authenticated":false,"languages":"","rollout":false,"note":"","created":"2020-01-02T03:04:05Z","modified":"2020-01-02T03:04:05Z","groups":[["beta"]],"users":[["ann"]]}}]"""),
            ("microsoft", """{"feature_management":{"feature_flags":[{"id":"m2","enabled":true,"own":{"x":1}}]},"other":2}"""),
            ("unleash", """{"version":2,"features":[{"name":"u","enabled":true,"strategies":[{"name":"default"}],"own":1}]}"""),
        ];
        using var folder = ThrowawayFolder.Create();
        foreach (var (format, file) in files)
        {
            var (source, target) = (Path.Combine(folder.Path, $"{format}.in.json"), Path.Combine(folder.Path, $"{format}.out.json"));
            await File.WriteAllTextAsync(source, file, TestContext.Current.CancellationToken);
            Assert.Equal(0, await HereAsync("flags", "import", "--format", format, "--file", source));
            Assert.Equal(0, await HereAsync("flags", "export", "--format", format, "--file", target));
            var (wanted, exported) = (JsonNode.Parse(file)!, JsonNode.Parse(await File.ReadAllTextAsync(target, TestContext.Current.CancellationToken))!);
            if (format == "platform")
            {
                // Goes out with everything that was left to its default.
                exported = new JsonObject { ["name"] = exported["flags"]![0]!["name"]!.DeepClone(), ["percent"] = exported["flags"]![0]!["percent"]!.DeepClone() };
                wanted = JsonNode.Parse("""{"name":"o","percent":5}""")!;
            }

            Assert.True(JsonNode.DeepEquals(wanted, exported), exported.ToJsonString());
        }
    }

    [Fact]
    public async Task Import_with_errors_names_them_and_saves_nothing()
    {
        using var folder = ThrowawayFolder.Create();
        var source = Path.Combine(folder.Path, "in.json");
        await File.WriteAllTextAsync(source, """{"flags":[{"name":"fine"},{"name":"bad","percent":101}]}""", TestContext.Current.CancellationToken);
        var (code, _, error) = await RunAsync("flags", "import", "--format", "platform", "--file", source);
        Assert.Equal(1, code);
        Assert.Contains("/flags/1/percent", error, StringComparison.Ordinal);
        Assert.Equal(0, await _api.CountAsync("platform.core_feature_flag"));
    }

    [Fact]
    public async Task Import_that_replaces_removes_what_came_from_such_a_file_and_keeps_the_unreadable_when_asked_to()
    {
        await CreateAsync();
        using var folder = ThrowawayFolder.Create();
        var source = Path.Combine(folder.Path, "in.json");
        const string filter = """{"client_filters":[{"name":"Microsoft.Targeting","parameters":{"Audience":{"DefaultRolloutPercentage":101}}}]}""";
        await File.WriteAllTextAsync(
            source, $$$"""{"feature_management":{"feature_flags":[{"id":"m2","enabled":true},{"id":"bad","enabled":true,"conditions":{{{filter}}}}]}}""", TestContext.Current.CancellationToken);
        string[] import = ["flags", "import", "--format", "microsoft", "--file", source, "--replace"];
        Assert.Equal(1, (await RunAsync(import)).Code);
        Assert.Equal(2, await _api.CountAsync("platform.core_feature_flag WHERE kind = 'flag'"));

        var (code, output, error) = await RunAsync([.. import, "--keep-unreadable"]);
        Assert.True(code == 0, error);
        Assert.Equal(
            ["created envelope microsoft", "created flag bad", "created flag m2", "deleted flag m"],
            output.Split('\n').SkipLast(2).Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).Order(StringComparer.Ordinal));
        await Eventually.BecomesTrueAsync(async () =>
        {
            using var asked = await _api.Client.PostJsonAsync("/api/v1/flags/bad/evaluate", "{}");
            return asked.IsSuccessStatusCode && (string)(await asked.JsonAsync())["reason"]! == "invalid";
        });
    }

    private async Task CreateAsync()
    {
        foreach (var (path, body) in ((string, string)[])[
            ("", """{"name":"a","percent":25}"""),
            ("", """{"name":"m","origin":"microsoft","definition":{"id":"m","enabled":true}}"""),
            ("/switches", """{"name":"s","active":true}"""),
            ("/samples", """{"name":"p","percent":5}""")])
        {
            using var created = await _api.Client.PostJsonAsync($"/api/v1/flags{path}", body);
            Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        }
    }

    private async Task<string> EverythingAsync()
    {
        var parts = new List<string>();
        foreach (var path in (string[])["", "/switches", "/samples", "/segments"])
        {
            parts.AddRange((await _api.Client.GetJsonAsync($"/api/v1/flags{path}"))["items"]!.AsArray().Select(item => item!["definition"]!.ToJsonString()));
        }

        return string.Join('\n', parts);
    }

    /// <summary>Runs a command in this process: for what is the command's own matter, and not the program's.</summary>
    private async Task<int?> HereAsync(params string[] arguments)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(_api.Services.GetRequiredService<IFlagStore>());
        return await ApiCommand.TryRunAsync(arguments, builder);
    }

    /// <summary>Runs the API's own program with a command, as an operator does.</summary>
    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(Program).Assembly.Location);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        start.Environment["ConnectionStrings__platformdb"] = _api.ConnectionString;
        start.Environment["Platform__Identity__Issuer"] = "https://issuer.test/";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
