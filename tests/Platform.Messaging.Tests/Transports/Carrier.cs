using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.Messaging.Tests.Dispatching;
using Platform.Messaging.Tests.Support;
using Platform.Messaging.Transports;
using Platform.Testing;

namespace Platform.Messaging.Tests.Transports;

/// <summary>A transport as the contract sees it: what a host is configured with, and what a test can do to the broker.</summary>
public abstract class Carrier(TestDatabase database) : IAsyncDisposable
{
    public string ConnectionString => database.ConnectionString;

    public abstract MessagingTransport Transport { get; }

    /// <summary>What a process is configured with, beside the transport's name.</summary>
    public abstract IReadOnlyDictionary<string, string?> Settings { get; }

    public bool IsBroker => Transport is not MessagingTransport.PostgreSql;

    protected TestDatabase Database => database;

    /// <summary>Starts a host whose subscriptions read over this transport, and which relays.</summary>
    public Task<ShopHost> StartAsync(Action<IServiceCollection> configure) => ShopHost.StartAsync(ConnectionString, configure, host: Configure);

    /// <summary>Starts a host with one subscription that does what the script says.</summary>
    public Task<ShopHost> StartScriptedAsync(Action<SubscriptionOptions>? options = null) => StartAsync(services => services
        .AddSubscription("scripted", s => s.Handle<Ticked, ScriptedTick>().Configure(FailureTests.Quick).Configure(options ?? (_ => { }))));

    /// <summary>Starts a host that only sends.</summary>
    public Task<ShopHost> StartSenderAsync() => ShopHost.StartAsync(ConnectionString);

    public void Configure(HostApplicationBuilder builder)
    {
        builder.Configuration.AddInMemoryCollection(AllSettings());
        builder.AddRedisStreams();
        builder.AddRabbitMq();
    }

    /// <summary>The side of the broker that publishes.</summary>
    public IEventTransport TransportOf(ShopHost host) => BrokerOf(host).OpenTransport(host.Services);

    /// <summary>A reader of its own at the broker.</summary>
    public ILaneSource SourceOf(ShopHost host, LaneSourceContext context) => BrokerOf(host).OpenSource(context);

    /// <summary>All of it as variables of a process.</summary>
    public Dictionary<string, string> Environment() => AllSettings().ToDictionary(
        setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value ?? "", StringComparer.Ordinal);

    /// <summary>The broker goes away for those who use it here.</summary>
    public abstract Task AwayAsync();

    /// <summary>It is back.</summary>
    public abstract Task BackAsync();

    /// <summary>Breaks off the connections of those who use it here.</summary>
    public abstract Task CutAsync();

    /// <summary>Has what was sent before come again, as after a crash between publishing and saving how far that was.</summary>
    public virtual async Task RepeatAsync(ShopHost host) => await host.ExecuteAsync(
        "UPDATE platform.core_subscription_lane SET position = 0, epoch = epoch + 1, released = true WHERE reads_log");

    /// <summary>The broker forgets everything: its disk was replaced.</summary>
    public virtual Task LoseEverythingAsync() => throw new NotSupportedException();

    /// <summary>How many events the broker still keeps.</summary>
    public virtual Task<long> HeldAsync() => throw new NotSupportedException();

    /// <summary>Puts something into a lane that is no event.</summary>
    public virtual Task PutGarbageAsync(short lane) => throw new NotSupportedException();

    public abstract ValueTask DisposeAsync();

    private EventBroker BrokerOf(ShopHost host) =>
        host.Services.GetServices<DeclaredBroker>().Single(declared => declared.Broker.Transport == Transport).Broker;

    private IEnumerable<KeyValuePair<string, string?>> AllSettings() => [new("Platform:Messaging:Transport", $"{Transport}"), .. Settings];
}
