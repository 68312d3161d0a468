using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace Platform.ServiceDefaults.Identity;

/// <summary>
/// Checks the signature of a token once for each key: a client sends the same token with every request, and to check it costs more than all the rest that
/// stands before an endpoint.
/// </summary>
/// <remarks>
/// What is remembered is that these very bytes carry a good signature of this very key, which never changes. Everything else is asked each time: which keys
/// count, the issuer, the audience, the times, whether the token was revoked, who may use it. Bounded, thread safe.
/// </remarks>
internal sealed class RememberedSignatures : CryptoProviderFactory
{
    // A key that is no longer used takes what it proved along.
    private readonly ConditionalWeakTable<SecurityKey, Memory> _proved = [];

    public override SignatureProvider CreateForVerifying(SecurityKey key, string algorithm) =>
        new Remembering(key, algorithm, base.CreateForVerifying(key, algorithm), this, _proved.GetValue(key, static _ => new Memory()));

    public override void ReleaseSignatureProvider(SignatureProvider signatureProvider) =>
        base.ReleaseSignatureProvider(signatureProvider is Remembering remembering ? remembering.Inner : signatureProvider);

    private sealed class Remembering(SecurityKey key, string algorithm, SignatureProvider inner, RememberedSignatures factory, Memory proved)
        : SignatureProvider(key, algorithm)
    {
        public SignatureProvider Inner => inner;

        public override byte[] Sign(byte[] input) => inner.Sign(input);

        public override bool Verify(byte[] input, byte[] signature)
        {
            ArgumentNullException.ThrowIfNull(input);
            ArgumentNullException.ThrowIfNull(signature);
            return Verify(input, 0, input.Length, signature, 0, signature.Length);
        }

        public override bool Verify(byte[] input, int inputOffset, int inputLength, byte[] signature, int signatureOffset, int signatureLength)
        {
            var mark = MarkOf(Algorithm, input.AsSpan(inputOffset, inputLength), signature.AsSpan(signatureOffset, signatureLength));
            if (proved.Has(mark))
            {
                return true;
            }

            var isGood = inner.Verify(input, inputOffset, inputLength, signature, signatureOffset, signatureLength);
            if (isGood)
            {
                proved.Add(mark);
            }

            return isGood;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                factory.ReleaseSignatureProvider(this);
            }
        }

        // Of the three by themselves: where one ends and the next begins is part of it.
        private static Mark MarkOf(string algorithm, ReadOnlySpan<byte> input, ReadOnlySpan<byte> signature)
        {
            Span<byte> hashes = stackalloc byte[SHA256.HashSizeInBytes * 2];
            SHA256.HashData(input, hashes);
            SHA256.HashData(signature, hashes[SHA256.HashSizeInBytes..]);
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(hashes, hash);
            return new Mark(
                algorithm,
                BinaryPrimitives.ReadUInt64LittleEndian(hash),
                BinaryPrimitives.ReadUInt64LittleEndian(hash[8..]),
                BinaryPrimitives.ReadUInt64LittleEndian(hash[16..]),
                BinaryPrimitives.ReadUInt64LittleEndian(hash[24..]));
        }
    }

    private readonly record struct Mark(string Algorithm, ulong A, ulong B, ulong C, ulong D);

    // Two generations: the older half goes at once.
    private sealed class Memory
    {
        private const int GenerationSize = 10_000;

        private ConcurrentDictionary<Mark, byte> _young = new();
        private ConcurrentDictionary<Mark, byte> _old = new();
        private int _count;

        public bool Has(in Mark mark)
        {
            if (_young.ContainsKey(mark))
            {
                return true;
            }

            if (!_old.ContainsKey(mark))
            {
                return false;
            }

            Add(mark);
            return true;
        }

        public void Add(in Mark mark)
        {
            var young = _young;
            if (young.TryAdd(mark, 0)
                && Interlocked.Increment(ref _count) >= GenerationSize
                && ReferenceEquals(Interlocked.CompareExchange(ref _young, new(), young), young))
            {
                _old = young;
                Volatile.Write(ref _count, 0);
            }
        }
    }
}
