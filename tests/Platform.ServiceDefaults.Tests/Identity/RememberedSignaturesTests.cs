using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;
using Platform.ServiceDefaults.Identity;

namespace Platform.ServiceDefaults.Tests.Identity;

public sealed class RememberedSignaturesTests : IDisposable
{
    private static readonly byte[] Message = Encoding.ASCII.GetBytes("header.payload");

    private readonly RSA _rsa = RSA.Create(2048);
    private readonly RememberedSignatures _signatures = new();

    public void Dispose() => _rsa.Dispose();

    [Fact]
    public void Signature_that_was_found_good_is_good_again_without_the_key_being_asked()
    {
        var key = new RsaSecurityKey(_rsa);
        var signature = Sign(_rsa);
        Assert.True(Verify(key, Message, signature));

        // Nothing can be checked with it any more, so what is told is remembered.
        _rsa.Dispose();
        Assert.True(Verify(key, Message, signature));
        Assert.ThrowsAny<Exception>(() => Verify(key, [.. Message, 1], signature));
    }

    [Fact]
    public void Other_bytes_another_signature_and_another_key_are_not_what_was_found_good()
    {
        using var other = RSA.Create(2048);
        var (key, signature) = (new RsaSecurityKey(_rsa), Sign(_rsa));
        Assert.True(Verify(key, Message, signature));
        for (var i = 0; i < Message.Length; i++)
        {
            var forged = Message.ToArray();
            forged[i] ^= 1;
            Assert.False(Verify(key, forged, signature));
        }

        Assert.False(Verify(key, Message, [.. signature[..^1], (byte)(signature[^1] ^ 1)]));
        Assert.False(Verify(key, [.. Message, signature[0]], signature[1..]));
        Assert.False(Verify(new RsaSecurityKey(other), Message, signature));
        Assert.False(Verify(key, Message, Sign(other)));
        Assert.True(Verify(key, Message, signature));
    }

    private static byte[] Sign(RSA rsa) => rsa.SignData(Message, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    private bool Verify(SecurityKey key, byte[] message, byte[] signature)
    {
        var provider = _signatures.CreateForVerifying(key, SecurityAlgorithms.RsaSha256);
        try
        {
            return provider.Verify(message, signature);
        }
        finally
        {
            _signatures.ReleaseSignatureProvider(provider);
        }
    }
}
