using System.Buffers.Text;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Platform.EntityFrameworkCore.Identity;

namespace Platform.Api.Http;

/// <summary>
/// Signs cursors, so that one that was made up, or was given by another list or for another filter or order, is refused rather than taken for something.
/// Thread safe.
/// </summary>
/// <remarks>The key comes of the key-encryption key, the same in every replica; when that is changed, lists are begun again.</remarks>
internal sealed class CursorSeal
{
    // 96 bits.
    private const int SignatureBytes = 12;
    private const int SignatureLength = 16;

    private readonly byte[] _key;

    public CursorSeal(IOptions<IdentityKeyOptions> keys)
    {
        _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Convert.FromBase64String(keys.Value.KeyEncryptionKey ?? ""), 32, info: "platform cursors"u8.ToArray());
        KeyMark = (long)XxHash64.HashToUInt64(HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, 8, info: "mark"u8.ToArray()));
    }

    /// <summary>Tells keys apart: a page's body, which holds a cursor, changes with the key.</summary>
    public long KeyMark { get; }

    /// <summary>Signs a cursor for one list.</summary>
    /// <param name="list">The list with its filter and order.</param>
    /// <param name="cursor">What stands behind the last item.</param>
    public string Seal(string list, string cursor) => Signature(list, cursor) + cursor;

    /// <summary>Checks a cursor; null when it is not one of this list.</summary>
    public string? Open(string list, string cursor) =>
        cursor.Length > SignatureLength
        && CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(Signature(list, cursor[SignatureLength..])), Encoding.UTF8.GetBytes(cursor[..SignatureLength]))
            ? cursor[SignatureLength..]
            : null;

    private string Signature(string list, string cursor)
    {
        Span<byte> signature = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{list}\n{cursor}"), signature);
        return Base64Url.EncodeToString(signature[..SignatureBytes]);
    }
}
