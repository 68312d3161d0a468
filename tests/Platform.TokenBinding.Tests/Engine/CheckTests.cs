using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Platform.TokenBinding.DPoP;
using Platform.TokenBinding.Tests.Support;

namespace Platform.TokenBinding.Tests.Engine;

/// <summary>Each check of RFC 9449, section 4.3, refuses what it is for, and nothing that is as it should be.</summary>
public sealed class CheckTests
{
    private const string Url = "https://api.example.com/api/v1/orders";
    private const string Token = "a.b.c";

    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("PS256")]
    public void Good_proof_holds(string algorithm)
    {
        using var key = new ProofKey(algorithm);
        var verdict = Verify(Proof(key), key);
        Assert.Null(verdict.Failed);
        Assert.True(verdict.Holds);
        Assert.Equal(key.Thumbprint, verdict.Thumbprint);
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("PS256")]
    public async Task Key_that_is_known_is_as_strict_as_one_that_is_not_and_may_be_asked_by_many_at_once(string algorithm)
    {
        using var key = new ProofKey(algorithm);
        using var thief = new ProofKey(algorithm);
        var verifier = Verifier();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 50; i++)
            {
                Assert.Null(verifier.Verify([Proof(key)], Expected(key)).Failed);

                // The owner's key in the header, the thief's signature under it.
                var forged = Proof(thief, header: h => h["jwk"] = key.Jwk);
                Assert.Equal(DPoPCheck.Signature, verifier.Verify([forged], Expected(key)).Failed);
            }
        })));
    }

    [Fact]
    public void Known_keys_are_bounded_and_those_in_use_stay()
    {
        var keys = new KnownKeys(100);
        var favourite = SHA256.HashData("favourite"u8);
        keys.Return(favourite, ECDsa.Create(ECCurve.NamedCurves.nistP256));
        for (var i = 0; i < 1_000; i++)
        {
            keys.Return(SHA256.HashData(BitConverter.GetBytes(i)), ECDsa.Create(ECCurve.NamedCurves.nistP256));
            var borrowed = keys.Borrow(favourite);
            Assert.NotNull(borrowed);
            Assert.Null(keys.Borrow(favourite));
            keys.Return(favourite, borrowed);
        }

        Assert.InRange(keys.Count, 1, 103);
        Assert.Null(keys.Borrow(SHA256.HashData(BitConverter.GetBytes(0))));
    }

    [Fact]
    public void All_twelve_are_there_in_order() => Assert.Equal(Enumerable.Range(1, 12), DPoPCheck.All.Select(check => check.Number));

    [Fact]
    public void One_header_with_one_proof_is_needed()
    {
        using var key = new ProofKey();
        var proof = Proof(key);
        Assert.Equal(DPoPCheck.SingleHeader, Verifier().Verify([proof, proof], Expected(key)).Failed);
        Assert.Equal(DPoPCheck.SingleHeader, Verifier().Verify([], Expected(key)).Failed);
        Assert.Equal(DPoPCheck.SingleHeader, Verifier().Verify([""], Expected(key)).Failed);
        Assert.Equal(DPoPCheck.WellFormed, Verify($"{proof}, {proof}", key).Failed);
    }

    [Theory]
    [InlineData("jti")]
    [InlineData("htm")]
    [InlineData("htu")]
    [InlineData("iat")]
    [InlineData("ath")]
    public void Claim_that_is_missing_or_of_another_type_is_refused(string claim)
    {
        using var key = new ProofKey();
        Assert.Equal(DPoPCheck.RequiredClaims, Verify(Proof(key, payload: p => p.Remove(claim)), key).Failed);
        Assert.Equal(DPoPCheck.RequiredClaims, Verify(Proof(key, payload: p => p[claim] = true), key).Failed);
        Assert.Equal(DPoPCheck.RequiredClaims, Verify(Proof(key, payload: p => p[claim] = new JsonObject { ["a"] = 1 }), key).Failed);
    }

    [Theory]
    [InlineData("JWT")]
    [InlineData("dpop+JWT")]
    [InlineData("at+jwt")]
    public void Another_type_is_refused(string type)
    {
        using var key = new ProofKey();
        Assert.Equal(DPoPCheck.Type, Verify(Proof(key, header: h => h["typ"] = type), key).Failed);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    [InlineData("RS256")]
    [InlineData("ES384")]
    [InlineData("PS256")]
    [InlineData("EdDSA")]
    [InlineData("es256")]
    public void Algorithm_confusion_is_refused(string algorithm)
    {
        using var key = new ProofKey();
        Assert.Equal(DPoPCheck.Algorithm, Verify(Proof(key, header: h => h["alg"] = algorithm), key).Failed);
    }

    [Fact]
    public void Algorithm_that_is_not_configured_is_refused()
    {
        using var key = new ProofKey("PS256");
        var options = new DPoPOptions();
        options.Algorithms.Add("ES256");
        Assert.Equal(DPoPCheck.Algorithm, new DPoPVerifier(options, _time).Verify([Proof(key)], Expected(key)).Failed);
    }

    [Fact]
    public void Key_swap_is_refused()
    {
        using var key = new ProofKey();
        using var other = new ProofKey();
        Assert.Equal(DPoPCheck.Token, Verify(Proof(other), key).Failed);
        Assert.Equal(DPoPCheck.Signature, Verify(Proof(other, header: h => h["jwk"] = key.Jwk), key).Failed);
    }

    [Theory]
    [InlineData("d")]
    [InlineData("k")]
    [InlineData("p")]
    [InlineData("oth")]
    public void Private_key_in_the_header_is_refused(string member)
    {
        using var key = new ProofKey();
        Assert.Equal(DPoPCheck.PublicKey, Verify(Proof(key, header: h => h["jwk"]![member] = "AAAA"), key).Failed);
    }

    [Theory]
    [InlineData("jku", false)]
    [InlineData("x5u", false)]
    [InlineData("x5c", false)]
    [InlineData("crit", false)]
    [InlineData("b64", false)]
    [InlineData("jku", true)]
    [InlineData("x5u", true)]
    [InlineData("x5c", true)]
    public void Reference_to_elsewhere_is_refused(string member, bool nested)
    {
        using var key = new ProofKey();
        Assert.Equal(DPoPCheck.WellFormed, Verify(Proof(key, header: h => (nested ? h["jwk"]! : h)[member] = "https://evil.example"), key).Failed);
    }

    [Fact]
    public void Point_that_is_not_on_the_curve_is_refused()
    {
        using var key = new ProofKey();
        var jwk = key.Jwk;
        jwk["y"] = jwk["x"]!.GetValue<string>();
        var verdict = Verifier().Verify([Proof(key, header: h => h["jwk"] = jwk)], Expected(key) with { BoundKey = null });
        Assert.Equal(DPoPCheck.Signature, verdict.Failed);
    }

    [Theory]
    [InlineData(1024, "AQAB")]
    [InlineData(2048, "Aw")]
    [InlineData(2048, "AQAA")]
    public void Weak_rsa_key_is_refused(int bits, string exponent)
    {
        using var rsa = RSA.Create(bits);
        using var key = new ProofKey("PS256", rsa);
        Assert.Equal(DPoPCheck.Algorithm, Verify(Proof(key, header: h => h["jwk"]!["e"] = exponent), key).Failed);
    }

    [Fact]
    public void Oversized_jwk_and_proof_are_refused()
    {
        using var key = new ProofKey();
        using var rsa = new ProofKey("PS256");
        Assert.Equal(DPoPCheck.WellFormed, Verify(Proof(key, header: h => h["jwk"]!["x"] = new string('A', 6000)), key).Failed);
        Assert.Equal(DPoPCheck.Algorithm, Verify(Proof(key, header: h => h["jwk"]!["x"] = new string('A', 1500)), key).Failed);
        Assert.Equal(DPoPCheck.Algorithm, Verify(Proof(rsa, header: h => h["jwk"]!["n"] = new string('x', 1400)), rsa).Failed);
        Assert.Equal(DPoPCheck.WellFormed, Verify(new string('A', 5000), key).Failed);
        Assert.Equal(DPoPCheck.WellFormed, Verify(Proof(key, header: h =>
        {
            for (var i = 0; i < 40; i++)
            {
                h[$"m{i}"] = i;
            }
        }), key).Failed);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("get")]
    public void Proof_for_another_method_is_refused(string method)
    {
        using var key = new ProofKey();
        Assert.Equal(DPoPCheck.Method, Verify(Proof(key, payload: p => p["htm"] = method), key).Failed);
    }

    [Theory]
    [InlineData("https://api.example.com/api/v1/orders/", false)]
    [InlineData("https://api.example.com/api/v1/Orders", false)]
    [InlineData("http://api.example.com/api/v1/orders", false)]
    [InlineData("https://api.example.com:8443/api/v1/orders", false)]
    [InlineData("https://evil@api.example.com/api/v1/orders", false)]
    [InlineData("https://api.example.com.evil.example/api/v1/orders", false)]
    [InlineData("https://api.example.com\\api\\v1\\orders", false)]
    [InlineData("/api/v1/orders", false)]
    [InlineData("https://api.example.com/api/v1/orders?all=1#top", true)]
    [InlineData("HTTPS://API.EXAMPLE.COM:443/api/v1/orders", true)]
    [InlineData("https://api.example.com/api/v2/../v1/%6frders", true)]
    public void Proof_for_another_address_is_refused_and_normal_forms_are_the_same(string address, bool same)
    {
        using var key = new ProofKey();
        Assert.Equal(same ? null : DPoPCheck.Address, Verify(Proof(key, payload: p => p["htu"] = address), key).Failed);
    }

    [Theory]
    [InlineData(-70, true)]
    [InlineData(-71, false)]
    [InlineData(10, true)]
    [InlineData(11, false)]
    public void Stale_and_future_iat_are_refused(int seconds, bool holds)
    {
        using var key = new ProofKey();
        Assert.Equal(holds ? null : DPoPCheck.CreationTime, Verify(Proof(key, payload: p => p["iat"] = 1_800_000_000 + seconds), key).Failed);
    }

    [Theory]
    [InlineData("1e400")]
    [InlineData("-1e400")]
    [InlineData("9223372036854775807")]
    public void Number_that_is_no_time_is_refused(string number)
    {
        using var key = new ProofKey();
        var payload = $$"""{"jti":"x","htm":"GET","htu":"{{Url}}","ath":"{{ProofKey.HashOf(Token)}}","iat":{{number}}}""";
        Assert.NotNull(Verify(key.Signed(new JsonObject { ["typ"] = "dpop+jwt", ["alg"] = "ES256", ["jwk"] = key.Jwk }.ToJsonString(), payload), key).Failed);
    }

    [Fact]
    public void Proof_for_another_token_is_refused()
    {
        using var key = new ProofKey();
        Assert.Equal(DPoPCheck.Token, Verify(Proof(key, payload: p => p["ath"] = ProofKey.HashOf("another")), key).Failed);
    }

    [Fact]
    public void Claim_twice_is_no_jwt()
    {
        using var key = new ProofKey();
        var payload = $$"""{"jti":"x","htm":"GET","htu":"{{Url}}","iat":1800000000,"ath":"{{ProofKey.HashOf(Token)}}","htm":"POST"}""";
        Assert.Equal(DPoPCheck.WellFormed, Verify(key.Signed(new JsonObject { ["typ"] = "dpop+jwt", ["alg"] = "ES256", ["jwk"] = key.Jwk }.ToJsonString(), payload), key).Failed);
    }

    [Fact]
    public void Nonce_has_to_be_the_servers_and_not_too_old()
    {
        using var key = new ProofKey();
        var verifier = Verifier();
        var nonce = verifier.MakeNonce()!;
        var required = Expected(key) with { NonceRequired = true };

        var missing = verifier.Verify([Proof(key)], required);
        Assert.Equal(("use_dpop_nonce", true), (missing.Failed!.Error, missing.OfferNonce));
        Assert.Equal(DPoPCheck.Nonce, verifier.Verify([Proof(key, nonce: "made-up")], required).Failed);
        Assert.Equal(DPoPCheck.Nonce, verifier.Verify([Proof(key, nonce: new DPoPVerifier(new DPoPOptions(), _time, new byte[32]).MakeNonce())], required).Failed);
        Assert.True(verifier.Verify([Proof(key, nonce: nonce)], required) is { Holds: true, OfferNonce: false });

        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.True(verifier.Verify([Proof(key, nonce: nonce)], required) is { Holds: true, OfferNonce: true });
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(DPoPCheck.Nonce, verifier.Verify([Proof(key, nonce: nonce)], required).Failed);
    }

    [Fact]
    public void Same_proof_has_the_same_replay_key_however_it_is_spelled()
    {
        using var key = new ProofKey();
        var once = Verify(Proof(key, payload: p => p["jti"] = "same"), key);
        var again = Verify(Proof(key, payload: p => p["jti"] = "same"), key);
        var other = Verify(Proof(key), key);
        Assert.Equal(once.ReplayKey, again.ReplayKey);
        Assert.NotEqual(once.ReplayKey, other.ReplayKey);
    }

    private static DPoPExpectation Expected(ProofKey key) => new("GET", Url, Token, key.Thumbprint, false);

    private DPoPVerifier Verifier() => new(new DPoPOptions(), _time, _key);

    private DPoPVerdict Verify(string proof, ProofKey key) => Verifier().Verify([proof], Expected(key));

    private string Proof(ProofKey key, string? nonce = null, Action<JsonObject>? header = null, Action<JsonObject>? payload = null) =>
        key.Proof("GET", Url, Token, _time.GetUtcNow(), nonce, header, payload);
}
