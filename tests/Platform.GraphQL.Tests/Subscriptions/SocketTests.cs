using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Platform.GraphQL.Tests.Hosting;
using Platform.Testing;

namespace Platform.GraphQL.Tests.Subscriptions;

/// <summary>The protocol <c>graphql-transport-ws</c>, message by message.</summary>
public sealed class SocketTests
{
    private const string Ack = """{"type":"connection_ack"}""";

    [Fact]
    public async Task Operations_are_answered_by_next_and_complete()
    {
        await using var host = await StartAsync();
        await using var socket = await TestSocket.OpenAsync(host.Url);

        await socket.SubscribeAsync("1", "{ hello }");

        Assert.StartsWith("""{"id":"1","type":"next","payload":{"data":{"hello":"world"}""", (await socket.ReceiveAsync()).GetRawText(), StringComparison.Ordinal);
        Assert.Equal("""{"id":"1","type":"complete"}""", (await socket.ReceiveAsync()).GetRawText());
    }

    [Fact]
    public async Task Events_come_until_the_source_ends_and_an_id_is_free_again_after_that()
    {
        await using var host = await StartAsync();
        await using var socket = await TestSocket.OpenAsync(host.Url);
        for (var round = 0; round < 2; round++)
        {
            await socket.SubscribeAsync("same", "subscription { ticks }");
            await Eventually.BecomesTrueAsync(() => Task.FromResult(host.Ticks.Count == 1));
            host.Ticks.Tell(1);
            host.Ticks.Tell(2);
            host.Ticks.End();

            Assert.Equal(1, (await socket.ReceiveAsync()).GetProperty("payload").GetProperty("data").GetProperty("ticks").GetInt32());
            Assert.Equal(2, (await socket.ReceiveAsync()).GetProperty("payload").GetProperty("data").GetProperty("ticks").GetInt32());
            Assert.Equal("complete", (await socket.ReceiveAsync()).GetProperty("type").GetString());
            await Eventually.BecomesTrueAsync(() => Task.FromResult(host.Ticks.Count == 0));
        }
    }

    [Fact]
    public async Task Complete_of_the_client_ends_the_source_and_nothing_more_is_sent()
    {
        await using var host = await StartAsync();
        await using var socket = await TestSocket.OpenAsync(host.Url);
        await socket.SubscribeAsync("1", "subscription { ticks }");
        await Eventually.BecomesTrueAsync(() => Task.FromResult(host.Ticks.Count == 1));

        await socket.SendAsync(new { id = "1", type = "complete" });
        await Eventually.BecomesTrueAsync(() => Task.FromResult(host.Ticks.Count == 0));
        host.Ticks.Tell(1);
        await socket.SendAsync(new { type = "ping", payload = new { mark = 7 } });

        Assert.Equal("""{"type":"pong","payload":{"mark":7}}""", (await socket.ReceiveAsync()).GetRawText());
    }

    [Theory]
    [InlineData("subscription { nothing }", "VALIDATION_ERROR")]
    [InlineData("{ broken", "INVALID_INPUT")]
    [InlineData("subscription { refuses }", "RESOURCE_NOT_FOUND")]
    [InlineData("subscription { ticks crashes }", "VALIDATION_ERROR")]
    public async Task What_cannot_begin_is_an_error_of_its_id(string query, string code)
    {
        await using var host = await StartAsync();
        await using var socket = await TestSocket.OpenAsync(host.Url);

        await socket.SubscribeAsync("1", query);

        var error = await socket.ReceiveAsync();
        Assert.Equal(("1", "error"), (error.GetProperty("id").GetString(), error.GetProperty("type").GetString()));
        Assert.Equal(code, error.GetProperty("payload")[0].GetProperty("extensions").GetProperty("code").GetString());
        await socket.SubscribeAsync("1", "{ hello }");
        Assert.Equal("next", (await socket.ReceiveAsync()).GetProperty("type").GetString());
    }

    [Fact]
    public async Task Failing_event_is_masked_and_those_behind_it_are_told()
    {
        await using var host = await StartAsync();
        await using var socket = await TestSocket.OpenAsync(host.Url);
        await socket.SubscribeAsync("1", "subscription { crashes }");
        await Eventually.BecomesTrueAsync(() => Task.FromResult(host.Ticks.Count == 1));
        host.Ticks.Tell(1);
        host.Ticks.Tell(2);
        host.Ticks.Fail(new InvalidOperationException("Secret of System.Int32"));

        for (var i = 0; i < 3; i++)
        {
            var message = await socket.ReceiveAsync();
            Assert.Equal("INTERNAL_ERROR", message.GetProperty("payload").GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString());
            Assert.DoesNotContain("Secret", message.GetRawText(), StringComparison.Ordinal);
        }

        Assert.Equal("complete", (await socket.ReceiveAsync()).GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("no json", 4400)]
    [InlineData("[]", 4400)]
    [InlineData("""{"type":1}""", 4400)]
    [InlineData("""{"type":"start"}""", 4400)]
    [InlineData("""{"id":"1","type":"subscribe"}""", 4400)]
    [InlineData("""{"type":"subscribe","payload":{"query":"{ hello }"}}""", 4400)]
    [InlineData("""{"type":"connection_init"}""", 4429)]
    public async Task Message_that_breaks_the_protocol_closes_the_socket(string message, int code)
    {
        await using var host = await StartAsync();
        await using var socket = await TestSocket.OpenAsync(host.Url);

        await socket.SendAsync(message);

        Assert.Equal(code, (await socket.ClosedAsync()).Code);
    }

    [Fact]
    public async Task Binary_messages_are_none_of_the_protocol()
    {
        await using var host = await StartAsync();
        await using var socket = await TestSocket.OpenAsync(host.Url);

        await socket.SendAsync(Ack, WebSocketMessageType.Binary);

        Assert.Equal(4400, (await socket.ClosedAsync()).Code);
    }

    [Fact]
    public async Task Operation_before_the_acknowledgement_closes_the_socket()
    {
        await using var host = await StartAsync();
        await using var socket = await TestSocket.ConnectAsync(host.Url);

        await socket.SubscribeAsync("1", "{ hello }");

        Assert.Equal((4401, "Unauthorized"), await socket.ClosedAsync());
    }

    [Fact]
    public async Task Socket_that_says_nothing_is_closed()
    {
        await using var host = await StartAsync(("InitTimeout", "00:00:00.2"));
        await using var socket = await TestSocket.ConnectAsync(host.Url);

        Assert.Equal((4408, "Connection initialisation timeout"), await socket.ClosedAsync());
    }

    [Fact]
    public async Task Id_that_is_taken_closes_the_socket_and_its_subscriptions()
    {
        await using var host = await StartAsync();
        await using var socket = await TestSocket.OpenAsync(host.Url);
        await socket.SubscribeAsync("x", "subscription { ticks }");
        await Eventually.BecomesTrueAsync(() => Task.FromResult(host.Ticks.Count == 1));

        await socket.SubscribeAsync("x", "subscription { ticks }");

        Assert.Equal((4409, "Subscriber for x already exists"), await socket.ClosedAsync());
        await Eventually.BecomesTrueAsync(() => Task.FromResult(host.Ticks.Count == 0));
    }

    [Fact]
    public async Task Another_sub_protocol_is_refused()
    {
        await using var host = await StartAsync();

        var refusal = await Assert.ThrowsAsync<WebSocketException>(() => TestSocket.ConnectAsync(host.Url, "graphql-ws"));

        Assert.Contains("400", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_over_the_limit_closes_the_socket()
    {
        await using var host = await StartAsync();
        await using var socket = await TestSocket.OpenAsync(host.Url);

        await socket.SubscribeAsync("1", $"{{ hello }} # {new string('x', 300_000)}");

        Assert.Equal(1009, (await socket.ClosedAsync()).Code);
    }

    [Fact]
    public async Task Operations_of_a_connection_and_connections_of_a_caller_and_of_the_process_are_limited()
    {
        await using var host = await StartAsync(("MaxOperationsPerConnection", "2"), ("MaxConnectionsPerCaller", "2"), ("MaxConnections", "3"));
        await using var one = await TestSocket.OpenAsync(host.Url);
        await using var two = await TestSocket.OpenAsync(host.Url);
        foreach (var id in new[] { "a", "b", "c" })
        {
            await one.SubscribeAsync(id, "subscription { ticks }");
        }

        var refused = await one.ReceiveAsync();
        Assert.Equal(("c", "error"), (refused.GetProperty("id").GetString(), refused.GetProperty("type").GetString()));
        Assert.Equal("RATE_LIMIT_EXCEEDED", refused.GetProperty("payload")[0].GetProperty("extensions").GetProperty("code").GetString());
        await using var three = await TestSocket.ConnectAsync(host.Url);
        var full = await Assert.ThrowsAsync<WebSocketException>(() => TestSocket.ConnectAsync(host.Url));
        Assert.Contains("503", full.Message, StringComparison.Ordinal);
        await three.SendAsync("""{"type":"connection_init"}""");
        Assert.Equal(1013, (await three.ClosedAsync()).Code);
        await one.DisposeAsync();
        await Eventually.BecomesTrueAsync(async () =>
        {
            await using var again = await TestSocket.ConnectAsync(host.Url);
            await again.SendAsync("""{"type":"connection_init"}""");
            return await again.ReceiveAsync() is { ValueKind: JsonValueKind.Object };
        });
    }

    [Fact]
    public async Task Subscriber_that_does_not_read_is_cut_off_and_the_others_are_served()
    {
        await using var host = await StartAsync(("SendTimeout", "00:00:00.5"), ("MaxPending", "20"));
        await using var stuck = await TestSocket.OpenAsync(host.Url);
        await stuck.SubscribeAsync("1", "subscription { large }");
        await Eventually.BecomesTrueAsync(() => Task.FromResult(host.Ticks.Count == 1));
        await using var reader = await TestSocket.OpenAsync(host.Url);
        await reader.SubscribeAsync("1", "subscription { ticks }");
        await Eventually.BecomesTrueAsync(() => Task.FromResult(host.Ticks.Count == 2));

        // More than the buffers of both ends take.
        for (var tick = 0; tick < 200 && host.Ticks.Count == 2; tick++)
        {
            host.Ticks.Tell(tick);
            Assert.Equal(tick, (await reader.ReceiveAsync()).GetProperty("payload").GetProperty("data").GetProperty("ticks").GetInt32());
        }

        await Eventually.BecomesTrueAsync(() => Task.FromResult(host.Ticks.Count == 1));
        host.Ticks.Tell(1_000);
        Assert.Equal(1_000, (await reader.ReceiveAsync()).GetProperty("payload").GetProperty("data").GetProperty("ticks").GetInt32());
    }

    [Fact]
    public async Task Subscriber_with_too_many_events_waiting_is_told_so()
    {
        await using var host = await StartAsync(("MaxPending", "3"));
        await using var socket = await TestSocket.OpenAsync(host.Url);
        await socket.SubscribeAsync("1", "subscription { ticks }");
        await Eventually.BecomesTrueAsync(() => Task.FromResult(host.Ticks.Count == 1));

        // At once, so that none is taken meanwhile but a few.
        for (var tick = 0; tick < 1_000; tick++)
        {
            host.Ticks.Tell(tick);
        }

        JsonElement message;
        do
        {
            message = await socket.ReceiveAsync();
        }
        while (message.GetProperty("payload").TryGetProperty("data", out _));
        Assert.Equal("RATE_LIMIT_EXCEEDED", message.GetProperty("payload").GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString());
        Assert.Equal("complete", (await socket.ReceiveAsync()).GetProperty("type").GetString());
        Assert.Equal(0, host.Ticks.Count);
    }

    [Fact]
    public async Task Stop_of_the_service_sends_clients_elsewhere()
    {
        await using var host = await StartAsync();
        await using var socket = await TestSocket.OpenAsync(host.Url);
        await socket.SubscribeAsync("1", "subscription { ticks }");
        await Eventually.BecomesTrueAsync(() => Task.FromResult(host.Ticks.Count == 1));

        var stopping = host.StopAsync();

        Assert.Equal(1001, (await socket.ClosedAsync()).Code);
        await stopping;
    }

    private static async Task<SampleHost> StartAsync(params (string Key, string Value)[] settings)
    {
        var host = new SampleHost(Environments.Production, [.. settings.Select(s => ($"Subscriptions:{s.Key}", s.Value))]);
        await host.InitializeAsync();
        return host;
    }
}
