using Platform.EntityFrameworkCore.Messaging;
using Platform.Messaging.Transports;
using Platform.Testing;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Platform.Messaging.Tests.Transports;

internal sealed class RabbitCarrier : Carrier
{
    private static readonly string[] Subscriptions = ["record", "scripted", "tock", "second", "late", "victim"];

    private readonly CuttableProxy _proxy;
    private readonly IConnection _connection;
    private readonly string _prefix;

    private RabbitCarrier(TestDatabase database, RabbitServer server, CuttableProxy proxy, IConnection connection)
        : base(database)
    {
        (_proxy, _connection, _prefix) = (proxy, connection, database.Name);
        Settings = new Dictionary<string, string?>
        {
            ["Platform:Messaging:RabbitMq:ConnectionString"] = server.ConnectionString(proxy.Port),
            ["Platform:Messaging:RabbitMq:Prefix"] = _prefix,
        };
    }

    public override MessagingTransport Transport => MessagingTransport.RabbitMq;

    public override IReadOnlyDictionary<string, string?> Settings { get; }

    public IConnection Connection => _connection;

    public string Exchange => $"{_prefix}.events";

    public static async Task<RabbitCarrier> StartAsync(RabbitFixture rabbit, TestDatabase database)
    {
        var server = await rabbit.GetServerAsync();
        var factory = new ConnectionFactory { Uri = new Uri(server.ConnectionString()) };
        return new RabbitCarrier(database, server, new CuttableProxy(server.Port), await factory.CreateConnectionAsync());
    }

    public string Queue(string subscription, int lane) => $"{_prefix}.{subscription}.{lane}";

    public override Task AwayAsync() => _proxy.StopAsync();

    public override Task BackAsync()
    {
        _proxy.Resume();
        return Task.CompletedTask;
    }

    public override Task CutAsync()
    {
        _proxy.Cut();
        return Task.CompletedTask;
    }

    public override async Task LoseEverythingAsync()
    {
        await using var channel = await _connection.CreateChannelAsync();
        foreach (var subscription in Subscriptions)
        {
            for (var lane = 0; lane < MessagingModel.DefaultLaneCount; lane++)
            {
                await channel.QueueDeleteAsync(Queue(subscription, lane));
            }
        }

        await channel.ExchangeDeleteAsync(Exchange);
    }

    public override async Task<long> HeldAsync()
    {
        long held = 0;
        foreach (var subscription in Subscriptions)
        {
            for (var lane = 0; lane < MessagingModel.DefaultLaneCount; lane++)
            {
                await using var channel = await _connection.CreateChannelAsync();
                try
                {
                    held += await channel.MessageCountAsync(Queue(subscription, lane));
                }
                catch (OperationInterruptedException)
                {
                    // There is no such queue.
                    break;
                }
            }
        }

        return held;
    }

    public override async Task PutGarbageAsync(short lane)
    {
        await using var channel = await _connection.CreateChannelAsync();
        await channel.BasicPublishAsync(Exchange, $"{lane}", mandatory: false, new BasicProperties { MessageId = "not ours" }, "\0\x01 not json"u8.ToArray());
    }

    public override async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await LoseEverythingAsync();
        await _connection.DisposeAsync();
        await Database.DisposeAsync();
    }
}
