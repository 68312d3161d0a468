using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Platform.GraphQL.Tests.Hosting;
using Platform.Identifiers;
using Platform.Identity;
using Platform.Testing;

namespace Platform.GraphQL.Tests.Limits;

/// <summary>The service with little patience for bodies.</summary>
public sealed class AttackedHost(PostgresFixture postgres) : PlatformHost(postgres)
{
    protected override IEnumerable<(string Key, string Value)> Settings => [("BodyGrace", "00:00:02")];
}

[Collection(Alone.Name)]
public sealed class AttackTests(AttackedHost host) : IClassFixture<AttackedHost>
{
    private const int MaxBytes = 4_096;
    private const string Ordinary = "{ products(first: 2) { edges { node { name } } } }";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Each_attack_is_refused_for_little_processor_time_and_few_bytes()
    {
        const int Times = 5;
        var process = Process.GetCurrentProcess();
        var token = Token();
        foreach (var (name, body) in Attacks.All())
        {
            await SendAsync(body, token);
            process.Refresh();
            var cpu = process.TotalProcessorTime;
            for (var i = 0; i < Times; i++)
            {
                var (status, bytes) = await SendAsync(body, token);
                Assert.True(status is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError, $"{name}: {(int)status}");
                Assert.True(bytes <= MaxBytes, $"{name}: {bytes} bytes");
            }

            process.Refresh();
            cpu = (process.TotalProcessorTime - cpu) / Times;
            Assert.True(cpu.TotalMilliseconds <= 100, $"{name}: {cpu.TotalMilliseconds} ms");
        }
    }

    [Fact]
    public async Task Others_are_answered_while_attacks_come_in()
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var attacker = Token();
        var attacks = Attacks.All().ToArray();
        var sent = 0;
        var flood = Enumerable.Range(0, 4).Select(async worker =>
        {
            for (var i = worker; !ended.IsCancellationRequested; i++)
            {
                await SendAsync(attacks[i % attacks.Length].Body, attacker);
                Interlocked.Increment(ref sent);
            }
        }).ToArray();

        var other = Token();
        for (var i = 0; i < 40; i++)
        {
            var answer = await host.Http.AskAsync(host.Url, Ordinary, token: other).WaitAsync(Patience, TestContext.Current.CancellationToken);
            Assert.Empty(answer.Errors);
        }

        await ended.CancelAsync();
        await Task.WhenAll(flood);
        Assert.True(sent > 0);
    }

    [Fact]
    public async Task Sockets_that_stay_half_open_and_bodies_that_do_not_come_keep_nobody_from_being_answered()
    {
        var head = $"POST {host.Url.AbsolutePath} HTTP/1.1\r\nHost: {host.Url.Authority}\r\nAuthorization: Bearer {Token()}\r\nContent-Type: application/json\r\n";
        var sockets = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 100; i++)
            {
                var socket = new TcpClient();
                sockets.Add(socket);
                await socket.ConnectAsync(host.Url.Host, host.Url.Port, TestContext.Current.CancellationToken);
                await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(i % 2 == 0 ? head : head + "Content-Length: 1000\r\n\r\n{"), TestContext.Current.CancellationToken);
            }

            for (var i = 0; i < 10; i++)
            {
                Assert.Empty((await host.Http.AskAsync(host.Url, Ordinary, token: Token()).WaitAsync(Patience, TestContext.Current.CancellationToken)).Errors);
            }

            // Those whose body does not come are given up.
            foreach (var slow in sockets.Where((_, i) => i % 2 == 1))
            {
                using var reader = new StreamReader(slow.GetStream(), Encoding.ASCII);
                var answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
                Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 408", StringComparison.Ordinal), answer);
                Assert.InRange(answer.Length, 0, MaxBytes);
            }
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    private string Token() =>
        host.Issuer.Token($"{ApiScopes.CatalogRead} {ApiScopes.OrdersRead} {ApiScopes.OrdersWrite}", subject: Uuid7.Next(TimeProvider.System).ToString("D"));

    private async Task<(HttpStatusCode Status, int Bytes)> SendAsync(string body, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, host.Url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Bearer", token);
        request.Headers.Accept.ParseAdd(GraphQLAnswer.GraphQLResponse);
        using var response = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, (await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length);
    }
}
