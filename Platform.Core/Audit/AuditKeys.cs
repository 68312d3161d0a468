using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Platform.Audit;

/// <summary>The keys of the chain, opened. Thread safe.</summary>
internal sealed class AuditKeys
{
    public const int Length = 32;

    private readonly Dictionary<int, byte[]> _keys = [];

    public AuditKeys(IOptions<AuditOptions> options)
    {
        var settings = options.Value;
        var current = Convert.FromBase64String(settings.Key!);
        CurrentId = Add(current);
        foreach (var previous in settings.PreviousKeys)
        {
            Add(Convert.FromBase64String(previous));
        }
    }

    /// <summary>Which key new entries are written under.</summary>
    public int CurrentId { get; }

    /// <summary>Makes the key of the chain from the key-encryption key (RFC 5869).</summary>
    public static byte[] Derive(ReadOnlySpan<byte> keyEncryptionKey)
    {
        var key = new byte[Length];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, keyEncryptionKey, key, [], "platform audit chain"u8);
        return key;
    }

    /// <summary>Gives a key, or null where it is not configured here.</summary>
    public byte[]? Find(int id) => _keys.GetValueOrDefault(id);

    // A name that tells keys apart and tells nothing of them.
    private static int IdOf(ReadOnlySpan<byte> key)
    {
        Span<byte> name = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, Encoding.ASCII.GetBytes("platform audit key id"), name);
        return BinaryPrimitives.ReadInt32BigEndian(name);
    }

    private int Add(byte[] key)
    {
        var id = IdOf(key);
        _keys[id] = key;
        return id;
    }
}
