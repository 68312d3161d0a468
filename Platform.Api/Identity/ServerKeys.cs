using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;

namespace Platform.Api.Identity;

// Hands the ring to OpenIddict, which signs with the first key and publishes all. Runs again whenever the ring changes.
internal sealed class ServerKeys(KeyRing ring) : IConfigureOptions<OpenIddictServerOptions>
{
    public void Configure(OpenIddictServerOptions options)
    {
        var content = ring.Content ?? Placeholder();
        options.SigningCredentials.AddRange(content.Signing.Select(key => new SigningCredentials(key, SecurityAlgorithms.RsaSha256)));
        options.EncryptionCredentials.AddRange(content.Encryption.Select(
            key => new EncryptingCredentials(key, SecurityAlgorithms.Aes256KW, SecurityAlgorithms.Aes256CbcHmacSha512)));
    }

    // OpenIddict takes part in every request and refuses options without keys. Until the ring is read, only requests for open endpoints
    // get past the gate, and nothing is ever signed with these.
    private static KeyRingContent Placeholder() =>
        new([new RsaSecurityKey(RSA.Create(2048))], [new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32))]);
}
