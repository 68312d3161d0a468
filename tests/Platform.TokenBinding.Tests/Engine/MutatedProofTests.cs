using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Time.Testing;
using Platform.TokenBinding.DPoP;
using Platform.TokenBinding.Tests.Support;

namespace Platform.TokenBinding.Tests.Engine;

/// <summary>
/// Proofs that somebody changed: none is accepted, none makes the verifier throw. A hundred thousand of them:
/// <c>PLATFORM_DPOP_MUTATIONS=100000</c>; a fiftieth as many go over HTTP.
/// </summary>
public sealed class MutatedProofTests
{
    internal static readonly int Mutations = int.Parse(Environment.GetEnvironmentVariable("PLATFORM_DPOP_MUTATIONS") ?? "15000", CultureInfo.InvariantCulture);

    private const string Url = "https://api.example.com/api/v1/orders";
    private const string Token = "a.b.c";

    [Fact]
    public void Changed_proof_is_never_accepted_and_never_an_error()
    {
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
        var verifier = new DPoPVerifier(new DPoPOptions(), time, new byte[32]);
        using var ec = new ProofKey();
        using var p384 = new ProofKey("ES384");
        using var rsa = new ProofKey("PS256");
        (string Proof, string Thumbprint)[] originals =
        [
            .. new[] { ec, ec, ec, p384, rsa }.Select(key => (key.Proof("GET", Url, Token, time.GetUtcNow()), key.Thumbprint)),
        ];
        var accepted = 0;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Prop.ForAll(ProofMutation.Any(originals.Length).ToArbitrary(), mutation =>
        {
            var (proof, thumbprint) = originals[mutation.Original];
            var changed = mutation.Apply(proof);
            if (ProofMutation.IsSameProof(changed, proof))
            {
                return true;
            }

            var verdict = verifier.Verify([changed], new DPoPExpectation("GET", Url, Token, thumbprint, false));
            if (verdict.Failed is { } failed)
            {
                seen.Add(failed.Name);
            }

            accepted += verdict.Holds ? 1 : 0;
            return verdict.Failed is not null;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Mutations));

        Assert.Equal(0, accepted);

        // It gets as far as the signature, and not only to the first check.
        Assert.Superset(new HashSet<string>(["well_formed", "required_claims", "typ", "alg", "signature", "htm", "htu", "token"]), seen);
    }
}
