using Platform.Messaging.Tests.Support;
using Platform.Testing;

[assembly: AssemblyFixture(typeof(RedisFixture))]

namespace Platform.Messaging.Tests.Transports;

public sealed class RedisTransportTests(PostgresFixture postgres, RedisFixture redis) : BrokerContract
{
    protected override async Task<Carrier> StartAsync() => await RedisCarrier.StartAsync(redis, await ShopDatabase.CreateAsync(postgres));
}
