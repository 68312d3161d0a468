using Platform.Messaging.Tests.Support;
using Platform.Testing;

namespace Platform.Messaging.Tests.Transports;

public sealed class PostgresTransportTests(PostgresFixture postgres) : TransportContract
{
    protected override async Task<Carrier> StartAsync() => new PostgresCarrier(postgres, await ShopDatabase.CreateAsync(postgres));
}
