using System.Net.Sockets;
using Platform.Messaging.Transports;
using RabbitMQ.Client.Exceptions;

namespace Platform.RabbitMq.Messaging;

/// <summary>Tells a broker that cannot be used at present from one that refuses a message.</summary>
internal static class BrokerFailure
{
    // AMQP 0-9-1, section 1.5: what a channel is closed with when the message is too large for the broker.
    private const ushort PreconditionFailed = 406;

    // The client can wait for ever when it closes what breaks off meanwhile (rabbitmq-dotnet-client, issues 1751 and 1757); a host that stops must not.
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(10);

    public static bool IsOutage(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        OperationInterruptedException { ShutdownReason.ReplyCode: PreconditionFailed } => false,
        RabbitMQClientException or IOException or SocketException or TimeoutException or ObjectDisposedException => true,
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        _ => false,
    };

    public static TransportUnavailableException Unavailable(Exception exception) =>
        new($"RabbitMQ cannot be used at present: {exception.Message}", exception);

    /// <summary>Waits for something to be closed that may be broken already, 10 s at most.</summary>
    public static async Task IgnoreAsync(ValueTask closing)
    {
        try
        {
            await closing.AsTask().WaitAsync(CloseLimit);
        }
        catch (Exception exception) when (IsOutage(exception, CancellationToken.None))
        {
            // It is closed one way or the other.
        }
    }
}
