using OpenIddict.Abstractions;
using OpenIddict.Server;
using Platform.ServiceDefaults.TokenBinding;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Platform.Api.Identity.TokenBinding;

/// <summary>Says in the metadata which proofs are taken (RFC 9449, section 5.1).</summary>
internal sealed class AnnounceBinding(RequestBinding binding) : IOpenIddictServerHandler<HandleConfigurationRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor
        .CreateBuilder<HandleConfigurationRequestContext>()
        .UseSingletonHandler<AnnounceBinding>()
        .SetOrder(int.MaxValue - 100_000)
        .SetType(OpenIddictServerHandlerType.Custom)
        .Build();

    public ValueTask HandleAsync(HandleConfigurationRequestContext context)
    {
        context.Metadata["dpop_signing_alg_values_supported"] = new OpenIddictParameter(System.Collections.Immutable.ImmutableArray.Create<string?>(binding.Algorithms.Split(' ')));
        return ValueTask.CompletedTask;
    }
}
