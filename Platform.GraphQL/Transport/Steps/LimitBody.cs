using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;

namespace Platform.GraphQL.Transport.Steps;

/// <summary>Lets no body take more bytes, or more time, than it may: Kestrel gives up a connection that sends too slowly (408; RFC 9110, section 15.5.9).</summary>
internal sealed class LimitBody(IOptions<GraphQLOptions> options) : IHttpStep
{
    private const int BytesPerSecond = 1_000;

    private readonly MinDataRate _rate = new(BytesPerSecond, options.Value.BodyGrace);

    public ValueTask<Refusal?> RunAsync(GraphQLExchange exchange, CancellationToken cancellationToken)
    {
        if (exchange.Http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } feature)
        {
            feature.MinDataRate = _rate;
        }

        return default;
    }
}
