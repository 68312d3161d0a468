using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Platform.Embedded.Redis;
using Platform.ServiceDefaults.TokenBinding;
using Platform.TokenBinding.DPoP;
using StackExchange.Redis;

namespace Platform.Benchmarks.Binding;

/// <summary>
/// Suite <c>binding</c>: the processor's time for checking a proof of possession, and how many of 10,000 proofs, each sent 50 times at once to two
/// replicas, are accepted. Quick checks each proof once before its 50 copies go to the replay store.
/// </summary>
internal sealed class BindingSuite(bool isQuick, TextWriter progress)
{
    private const string Url = "https://api.example.com/api/v1/orders";
    private const string Token = "eyJhbGciOiJSUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiJkZW1vIn0.c2lnbmF0dXJl";
    private const int Keys = 64;
    private const int Proofs = 10_000;
    private const int Copies = 50;
    private const int ProofsAtOnce = 40;

    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        var figures = new Dictionary<string, double>
        {
            ["dpop_verify_us"] = VerifyTime("ES256"),
            ["dpop_verify_es384_us"] = VerifyTime("ES384"),
            ["dpop_verify_ps256_us"] = VerifyTime("PS256"),
        };
        figures["replay_accepts"] = await AcceptsAsync(cancellationToken);
        return figures;
    }

    private static (string Proof, string Thumbprint)[] Make(string algorithm, int count)
    {
        var signers = Enumerable.Range(0, Math.Min(Keys, count)).Select(_ => new Signer(algorithm)).ToArray();
        var made = new (string, string)[count];
        for (var i = 0; i < count; i++)
        {
            made[i] = (signers[i % signers.Length].Proof(i), signers[i % signers.Length].Thumbprint);
        }

        return made;
    }

    private static DPoPVerdict Check(DPoPVerifier verifier, (string Proof, string Thumbprint) proof)
    {
        var verdict = verifier.Verify([proof.Proof], new DPoPExpectation("GET", Url, Token, proof.Thumbprint, false));
        return verdict.Holds ? verdict : throw new InvalidOperationException($"A good proof was refused: {verdict.Failed?.Name}.");
    }

    // The best of the rounds, of the processor's time, as the machine has other things to do.
    private double VerifyTime(string algorithm)
    {
        var verifier = new DPoPVerifier(new DPoPOptions { Lifetime = TimeSpan.FromMinutes(10) }, TimeProvider.System);
        var proofs = Make(algorithm, 512);
        var best = double.MaxValue;
        for (var round = 0; round < (isQuick ? 6 : 12); round++)
        {
            var start = Environment.CpuUsage.TotalTime;
            foreach (var proof in proofs)
            {
                Check(verifier, proof);
            }

            best = round == 0 ? best : Math.Min(best, (Environment.CpuUsage.TotalTime - start).TotalMicroseconds / proofs.Length);
        }

        progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{algorithm}: {best:0.0} us a proof"));
        return best;
    }

    private async Task<double> AcceptsAsync(CancellationToken cancellationToken)
    {
        await using var server = await RedisServer.StartAsync(new RedisServerOptions(), cancellationToken);
        await using var one = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        await using var other = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        RedisReplayStore[] replicas = [Store(one), Store(other)];
        var verifier = new DPoPVerifier(new DPoPOptions { Lifetime = TimeSpan.FromMinutes(10) }, TimeProvider.System);
        var proofs = Make("ES256", Proofs);
        long accepted = 0;
        await Parallel.ForAsync(0, Proofs, new ParallelOptions { MaxDegreeOfParallelism = ProofsAtOnce, CancellationToken = cancellationToken }, async (i, stop) =>
        {
            var checkedOnce = Check(verifier, proofs[i]).ReplayKey!;
            var answers = await Task.WhenAll(Enumerable.Range(0, Copies).Select(async copy =>
            {
                var key = isQuick ? checkedOnce : Check(verifier, proofs[i]).ReplayKey!;
                return await replicas[copy % replicas.Length].TryUseAsync(key, Remembered, stop);
            }));
            Interlocked.Add(ref accepted, answers.Count(answer => answer));
        });
        progress.WriteLine($"{accepted} of {Proofs * Copies} uses of {Proofs} proofs were accepted");
        return accepted;
    }

    private static RedisReplayStore Store(ConnectionMultiplexer redis) =>
        new(new ServiceCollection().AddSingleton<IConnectionMultiplexer>(redis).BuildServiceProvider());

    private sealed class Signer
    {
        private readonly AsymmetricAlgorithm _key;
        private readonly string _algorithm;
        private readonly string _header;

        public Signer(string algorithm)
        {
            _algorithm = algorithm;
            string jwk;
            if (algorithm == "PS256")
            {
                var rsa = RSA.Create(2048);
                var p = rsa.ExportParameters(false);
                (_key, jwk) = (rsa, $$"""{"e":"{{Base64Url.EncodeToString(p.Exponent)}}","kty":"RSA","n":"{{Base64Url.EncodeToString(p.Modulus)}}"}""");
            }
            else
            {
                var ecdsa = ECDsa.Create(algorithm == "ES256" ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384);
                var q = ecdsa.ExportParameters(false).Q;
                var curve = algorithm == "ES256" ? "P-256" : "P-384";
                (_key, jwk) = (ecdsa, $$"""{"crv":"{{curve}}","kty":"EC","x":"{{Base64Url.EncodeToString(q.X)}}","y":"{{Base64Url.EncodeToString(q.Y)}}"}""");
            }

            Thumbprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(jwk)));
            _header = Text($$"""{"typ":"dpop+jwt","alg":"{{algorithm}}","jwk":{{jwk}}}""");
        }

        public string Thumbprint { get; }

        public string Proof(int id)
        {
            var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
            var hash = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Token)));
            var signed = $"{_header}.{Text($$"""{"jti":"proof-{{id}}","htm":"GET","htu":"{{Url}}","iat":{{now}},"ath":"{{hash}}"}""")}";
            var data = Encoding.ASCII.GetBytes(signed);
            var signature = _key switch
            {
                RSA rsa => rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
                ECDsa ecdsa => ecdsa.SignData(data, _algorithm == "ES256" ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA384),
                _ => throw new InvalidOperationException(),
            };
            return $"{signed}.{Base64Url.EncodeToString(signature)}";
        }

        private static string Text(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
    }
}
