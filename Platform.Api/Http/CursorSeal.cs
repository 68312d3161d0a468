using System.Buffers.Text;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Platform.EntityFrameworkCore.Identity;

namespace Platform.Api.Http;

/// <summary>
/// Seals cursors (AES-256-GCM), so that one that was made up, or was given by another list or for another filter or order, is refused rather than taken for something,
/// and so that what the list is ordered by, such as a customer's name, stands in no address. Thread safe.
/// </summary>
/// <remarks>
/// The key comes of the key-encryption key, the same in every replica; when that is changed, lists are begun again. The nonce is a keyed hash of list and cursor: a page is the
/// same whenever it is asked for, and no nonce is used for two texts.
/// </remarks>
internal sealed class CursorSeal
{
    private const int NonceBytes = 12;
    private const int TagBytes = 12;
    private const int MaxLength = 4_096;

    private readonly byte[] _key;
    private readonly byte[] _nonceKey;

    public CursorSeal(IOptions<IdentityKeyOptions> keys)
    {
        var root = Convert.FromBase64String(keys.Value.KeyEncryptionKey ?? "");
        _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, root, 32, info: "platform cursors"u8.ToArray());
        _nonceKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, root, 32, info: "platform cursors nonce"u8.ToArray());
        KeyMark = (long)XxHash64.HashToUInt64(HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, 8, info: "mark"u8.ToArray()));
    }

    /// <summary>Tells keys apart: a page's body, which holds a cursor, changes with the key.</summary>
    public long KeyMark { get; }

    /// <summary>Seals a cursor for one list.</summary>
    /// <param name="list">The list with its filter and order.</param>
    /// <param name="cursor">What stands behind the last item.</param>
    public string Seal(string list, string cursor)
    {
        var text = Encoding.UTF8.GetBytes(cursor);
        var box = new byte[NonceBytes + text.Length + TagBytes];
        var nonce = box.AsSpan(0, NonceBytes);
        HMACSHA256.HashData(_nonceKey, Encoding.UTF8.GetBytes($"{list}\n{cursor}")).AsSpan(0, NonceBytes).CopyTo(nonce);
        using var aes = new AesGcm(_key, TagBytes);
        aes.Encrypt(nonce, text, box.AsSpan(NonceBytes, text.Length), box.AsSpan(NonceBytes + text.Length), Encoding.UTF8.GetBytes(list));
        return Base64Url.EncodeToString(box);
    }

    /// <summary>Opens a cursor; null when it is not one of this list.</summary>
    public string? Open(string list, string cursor)
    {
        var box = cursor.Length <= MaxLength && Base64Url.IsValid(cursor) ? Base64Url.DecodeFromChars(cursor) : [];
        if (box.Length < NonceBytes + TagBytes)
        {
            return null;
        }

        var text = new byte[box.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(_key, TagBytes);
        try
        {
            aes.Decrypt(box.AsSpan(0, NonceBytes), box.AsSpan(NonceBytes, text.Length), box.AsSpan(NonceBytes + text.Length), text, Encoding.UTF8.GetBytes(list));
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        return Encoding.UTF8.GetString(text);
    }
}
