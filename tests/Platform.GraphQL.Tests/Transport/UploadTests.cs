using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.Extensions.Hosting;
using Platform.GraphQL.Tests.Hosting;

namespace Platform.GraphQL.Tests.Transport;

public sealed class UploadTests : IAsyncLifetime
{
    private const string One = """{"query":"mutation ($file: Upload!) { upload(file: $file) }","variables":{"file":null}}""";

    private readonly SampleHost _host = new(Environments.Production, ("MaxUploadBytes", "5000"), ("MaxUploadFiles", "2"));

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task File_becomes_the_value_of_a_variable()
    {
        var answer = await PostAsync(One, """{"0":["variables.file"]}""", 12);

        Assert.Equal("a.txt 12", answer.Data.GetProperty("upload").GetString());
    }

    [Fact]
    public async Task Files_of_a_list_are_put_in_their_places()
    {
        var answer = await PostAsync(
            """{"query":"mutation ($files: [Upload!]!) { uploads(files: $files) }","variables":{"files":[null,null]}}""",
            """{"0":["variables.files.1"],"1":["variables.files.0"]}""",
            3,
            4);

        Assert.Equal("4 3", answer.Data.GetProperty("uploads").GetString());
    }

    [Fact]
    public async Task Form_that_any_page_could_post_is_refused_and_not_executed()
    {
        var before = SampleSchema.Changes;

        var answer = await PostAsync("""{"query":"mutation { change }"}""", "{}", preflight: false);

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Equal(before, SampleSchema.Changes);
    }

    [Theory]
    [InlineData("{", "{}")]
    [InlineData(One, "[]")]
    [InlineData(One, """{"7":["variables.file"]}""")]
    [InlineData(One, """{"0":["query"]}""")]
    [InlineData(One, """{"0":["variables.other"]}""")]
    [InlineData(One, """{"0":["variables.file.name"]}""")]
    [InlineData(One, """{"0":["variables.file","variables.file"]}""")]
    public async Task Form_that_does_not_hold_together_is_400(string operations, string map)
    {
        var answer = await PostAsync(operations, map, 1);

        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_INPUT"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Too_large_and_too_many_files_are_413()
    {
        var large = await PostAsync(One, """{"0":["variables.file"]}""", 6_000);
        var many = await PostAsync(One, """{"0":["variables.file"]}""", 1, 1, 1);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, many.Status);
    }

    [Fact]
    public async Task Text_is_no_file()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, _host.Url)
        {
            Content = JsonContent.Create(new { query = "mutation ($file: Upload!) { upload(file: $file) }", variables = new { file = "text" } }),
        };

        var answer = await _host.Http.AskAsync(request);

        Assert.Equal("VALIDATION_ERROR", answer.Code);
    }

    private Task<GraphQLAnswer> PostAsync(string operations, string map, params int[] sizes) => PostAsync(operations, map, preflight: true, sizes);

    private Task<GraphQLAnswer> PostAsync(string operations, string map, bool preflight, params int[] sizes)
    {
        var form = new MultipartFormDataContent { { new StringContent(operations), "operations" }, { new StringContent(map), "map" } };
        for (var i = 0; i < sizes.Length; i++)
        {
            form.Add(new ByteArrayContent(Encoding.UTF8.GetBytes(new string('x', sizes[i]))), $"{i}", "a.txt");
        }

        var request = new HttpRequestMessage(HttpMethod.Post, _host.Url) { Content = form };
        if (preflight)
        {
            request.Headers.Add("GraphQL-Preflight", "1");
        }

        return _host.Http.AskAsync(request);
    }
}
