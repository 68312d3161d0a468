using System.Net;
using System.Net.Sockets;
using Platform.Embedded.Network;

namespace Platform.Embedded.Tests.Network;

public sealed class LoopbackBalancerTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Replica_that_breaks_off_breaks_off_its_callers(bool hard)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        using var replica = new TcpListener(IPAddress.Loopback, 0);
        replica.Start();
        var target = ((IPEndPoint)replica.LocalEndpoint).Port;
        var port = LoopbackPort.FindFree();
        using var balancer = new LoopbackBalancer(port, () => [target]);
        using var caller = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await caller.ConnectAsync(IPAddress.Loopback, port, limit.Token);
        await caller.SendAsync("question"u8.ToArray(), limit.Token);
        var taken = await replica.AcceptSocketAsync(limit.Token);
        await taken.ReceiveAsync(new byte[100], limit.Token);

        // A process that is killed with something unread resets its connections.
        taken.Close(hard ? 0 : -1);

        Assert.Equal(0, await ReadAsync());

        async Task<int> ReadAsync()
        {
            try
            {
                return await caller.ReceiveAsync(new byte[100], limit.Token);
            }
            catch (SocketException)
            {
                return 0;
            }
        }
    }
}
