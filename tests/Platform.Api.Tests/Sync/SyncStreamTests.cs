using System.Net;
using Platform.Api.Sync;
using Platform.Api.Tests.Support;
using Platform.Errors;
using Platform.Testing;

namespace Platform.Api.Tests.Sync;

public sealed class SyncStreamTests(ApiHost api) : IClassFixture<ApiHost>
{
    private const string Path = "/api/v1/sync/stream";

    // Other tests keep transactions open on the same server, and those hold up what is settled.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Client_whose_stream_is_cut_again_and_again_ends_equal_to_the_server()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var client = new StreamingClient(api.Client, new Random(4711));
        var following = client.FollowAsync(end.Token);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => api.Client.WriteAsync($"stream{writer}", rounds: 10)));
        var server = await api.Client.EverythingAsync();
        await Eventually.BecomesTrueAsync(() => server.SequenceEqual(client.Data), Patience);
        Assert.InRange(client.Cuts, 1, int.MaxValue);
        await end.CancelAsync();
        await following;
    }

    [Fact]
    public async Task Stream_without_changes_says_that_it_is_alive_and_moves_its_client_on()
    {
        await using var host = Host(("Platform:Sync:Heartbeat", "00:00:00.200"));
        using var client = await ClientAsync(host);
        using var response = await client.GetAsync(Path + "?limit=500", HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancel));
        var ids = new HashSet<string>();
        for (var beats = 0; beats < 3;)
        {
            var line = Assert.IsType<string>(await reader.ReadLineAsync(Cancel).AsTask().WaitAsync(Patience, Cancel));
            beats += line == ":" ? 1 : 0;
            _ = line.StartsWith("id: ", StringComparison.Ordinal) && ids.Add(line);
        }

        Assert.InRange(ids.Count, 3, int.MaxValue);
    }

    [Fact]
    public async Task Stream_ends_with_the_token_that_it_was_asked_for_with()
    {
        var expires = await new Forgery { ExpiresIn = TimeSpan.FromSeconds(3) }.MakeAsync(api, ("scope", "catalog.read orders.read"));
        using var client = api.Sending(expires);
        using var response = await client.GetAsync(Path, HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancel));

        // To its end, which would not come without the token's.
        await reader.ReadToEndAsync(Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }

    [Theory]
    [InlineData("Platform:Sync:MaxStreamsPerCaller", "1", "RATE_LIMIT_EXCEEDED")]
    [InlineData("Platform:Sync:MaxStreams", "1", "SERVICE_UNAVAILABLE")]
    public async Task Streams_beyond_the_limit_are_refused_and_those_that_end_make_room(string setting, string value, string code)
    {
        await using var host = Host((setting, value));
        using var client = await ClientAsync(host);
        using (var first = await client.GetAsync(Path, HttpCompletionOption.ResponseHeadersRead, Cancel))
        {
            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
            using var second = await client.GetAsync(Path, HttpCompletionOption.ResponseHeadersRead, Cancel);
            await second.AssertProblemAsync(ErrorCode.All.Single(entry => entry.Code == code));
            Assert.NotNull(second.Headers.RetryAfter);
        }

        await Eventually.BecomesTrueAsync(async () =>
        {
            using var next = await client.GetAsync(Path, HttpCompletionOption.ResponseHeadersRead, Cancel);
            return next.StatusCode == HttpStatusCode.OK;
        });
    }

    [Fact]
    public async Task Id_that_this_server_did_not_give_and_one_that_is_too_old_are_refused_before_the_stream_begins()
    {
        await using var host = Host(("Platform:Conditional:ChangeRetention", "01:00:00"));
        using var client = await ClientAsync(host);
        using var made = await SendAsync(client, "made-up");
        Assert.Equal(["/cursor invalid"], (await made.AssertProblemAsync(ErrorCode.ValidationError)).Fields());
        var seal = (Platform.Api.Http.CursorSeal)host.Services.GetService(typeof(Platform.Api.Http.CursorSeal))!;
        using var old = await SendAsync(client, new SyncCursor(TimeProvider.System.GetUtcNow().AddHours(-1), default, SyncCursor.Following, default).ToText(seal));
        await old.AssertProblemAsync(ErrorCode.ResourceGone);
        Assert.Equal("</api/v1/sync>; rel=\"start\"", Assert.Single(old.Headers.GetValues("Link")));
    }

    private ApiServer Host(params (string, string)[] settings) => new(api.ConnectionString, settings: settings);

    private static async Task<HttpClient> ClientAsync(ApiServer host)
    {
        var client = host.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", await client.TokenAsync());
        return client;
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string lastEventId)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Path) { Headers = { { "Last-Event-ID", lastEventId } } };
        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
    }
}
