using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Platform.Api.Identity.Grants;

/// <summary>
/// An unknown client that brings a secret costs what a known one with a wrong secret costs, so that the time does not tell which client ids
/// there are. <see cref="UniformClientErrors"/> does the same for the words.
/// </summary>
internal sealed class DecoyClient(IOpenIddictApplicationManager clients) : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    private const int Looked = 100;

    // One of the known clients, whose secret is as costly to check as any. Nothing comes of the check.
    private static volatile object? _decoy;

    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (context.Request is not { ClientSecret: { Length: > 0 } secret, ClientId: { Length: > 0 } id })
        {
            return;
        }

        var known = await clients.FindByClientIdAsync(id, context.CancellationToken);
        if (known is not null && !await clients.HasClientTypeAsync(known, ClientTypes.Public, context.CancellationToken))
        {
            return;
        }

        if (await DecoyAsync(context.CancellationToken) is { } decoy)
        {
            await clients.ValidateClientSecretAsync(decoy, secret, context.CancellationToken);
        }
    }

    private async ValueTask<object?> DecoyAsync(CancellationToken cancellationToken)
    {
        if (_decoy is null)
        {
            await foreach (var client in clients.ListAsync(Looked, 0, cancellationToken))
            {
                if (_decoy is null && await clients.HasClientTypeAsync(client, ClientTypes.Confidential, cancellationToken))
                {
                    _decoy = client;
                }
            }
        }

        return _decoy;
    }
}

/// <summary>Who is no client, and who does not know a client's secret, are told the same.</summary>
internal sealed class UniformClientErrors :
    IOpenIddictServerHandler<ApplyTokenResponseContext>,
    IOpenIddictServerHandler<ApplyIntrospectionResponseContext>,
    IOpenIddictServerHandler<ApplyRevocationResponseContext>,
    IOpenIddictServerHandler<ApplyPushedAuthorizationResponseContext>
{
    public ValueTask HandleAsync(ApplyTokenResponseContext context) => Even(context.Response);

    public ValueTask HandleAsync(ApplyIntrospectionResponseContext context) => Even(context.Response);

    public ValueTask HandleAsync(ApplyRevocationResponseContext context) => Even(context.Response);

    public ValueTask HandleAsync(ApplyPushedAuthorizationResponseContext context) => Even(context.Response);

    private static ValueTask Even(OpenIddictResponse response)
    {
        if (response.Error == OpenIddictConstants.Errors.InvalidClient)
        {
            (response.ErrorDescription, response.ErrorUri) = ("The client is not known, or did not prove that it is this client.", null);
        }

        return default;
    }
}
