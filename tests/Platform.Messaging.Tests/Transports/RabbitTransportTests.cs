using Platform.Messaging.Tests.Support;
using Platform.Testing;

[assembly: AssemblyFixture(typeof(RabbitFixture))]

namespace Platform.Messaging.Tests.Transports;

[Collection("RabbitMQ")]
public sealed class RabbitTransportTests(PostgresFixture postgres, RabbitFixture rabbit) : BrokerContract
{
    protected override async Task<Carrier> StartAsync() => await RabbitCarrier.StartAsync(rabbit, await ShopDatabase.CreateAsync(postgres));
}
