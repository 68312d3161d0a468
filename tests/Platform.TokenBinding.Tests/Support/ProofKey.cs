using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Platform.TokenBinding.Tests.Support;

/// <summary>A client's key, which signs whatever a test wants. Written apart from the code under test.</summary>
internal sealed class ProofKey : IDisposable
{
    private readonly AsymmetricAlgorithm _key;
    private readonly string _algorithm;

    public ProofKey(string algorithm = "ES256", AsymmetricAlgorithm? key = null)
    {
        _algorithm = algorithm;
        _key = key ?? algorithm switch
        {
            "ES256" => ECDsa.Create(ECCurve.NamedCurves.nistP256),
            "ES384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
            "PS256" => RSA.Create(2048),
            _ => throw new ArgumentException("unknown", nameof(algorithm)),
        };
    }

    public JsonObject Jwk => _key switch
    {
        ECDsa ecdsa when ecdsa.ExportParameters(false) is var p => new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = _algorithm is "ES256" ? "P-256" : "P-384",
            ["x"] = Text(p.Q.X!),
            ["y"] = Text(p.Q.Y!),
        },
        RSA rsa when rsa.ExportParameters(false) is var p => new JsonObject { ["kty"] = "RSA", ["n"] = Text(p.Modulus!), ["e"] = Text(p.Exponent!) },
        _ => throw new InvalidOperationException(),
    };

    public JsonObject PrivateJwk
    {
        get
        {
            var jwk = Jwk;
            jwk["d"] = Text(((ECDsa)_key).ExportParameters(true).D!);
            return jwk;
        }
    }

    public string Thumbprint
    {
        get
        {
            var jwk = Jwk;
            var canonical = string.Join(",", jwk.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => $"\"{member.Key}\":\"{member.Value}\""));
            return Text(SHA256.HashData(Encoding.UTF8.GetBytes($"{{{canonical}}}")));
        }
    }

    public static string Text(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    public static string Text(string text) => Text(Encoding.UTF8.GetBytes(text));

    public static string HashOf(string token) => Text(SHA256.HashData(Encoding.ASCII.GetBytes(token)));

    public string Proof(
        string method,
        string address,
        string? token = null,
        DateTimeOffset? at = null,
        string? nonce = null,
        Action<JsonObject>? header = null,
        Action<JsonObject>? payload = null)
    {
        var head = new JsonObject { ["typ"] = "dpop+jwt", ["alg"] = _algorithm, ["jwk"] = Jwk };
        var body = new JsonObject
        {
            ["jti"] = Text(RandomNumberGenerator.GetBytes(16)),
            ["htm"] = method,
            ["htu"] = address,
            ["iat"] = (at ?? TimeProvider.System.GetUtcNow()).ToUnixTimeSeconds(),
        };
        if (token is not null)
        {
            body["ath"] = HashOf(token);
        }

        if (nonce is not null)
        {
            body["nonce"] = nonce;
        }

        header?.Invoke(head);
        payload?.Invoke(body);
        return Signed(head.ToJsonString(), body.ToJsonString());
    }

    public string Signed(string header, string payload)
    {
        var signed = $"{Text(header)}.{Text(payload)}";
        return $"{signed}.{Text(Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public byte[] Sign(byte[] data) => _key switch
    {
        ECDsa ecdsa => ecdsa.SignData(data, _algorithm is "ES256" ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA384),
        RSA rsa => rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        _ => throw new InvalidOperationException(),
    };

    public void Dispose() => _key.Dispose();
}
