using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Platform.Identity;

namespace Platform.EntityFrameworkCore.Identity.Users;

/// <summary>Keeps what second factors rest on: keys sealed, recovery codes hashed under a key of their own. Thread safe.</summary>
internal sealed class UserSecrets(KeySealing sealing, IOptions<IdentityKeyOptions> options)
{
    private const int Codes = 10;
    private const int CodeGroup = 5;

    // Without what is easily mistaken: 0 O, 1 I L, U V. 10 of 29 signs are 48 bits, and attempts are counted.
    private const string Alphabet = "23456789ABCDEFGHJKMNPQRSTWXYZ";

    public byte[] Seal(ReadOnlySpan<byte> key, Guid user) => sealing.Seal(key, user, SealedFor.OneTimeKey);

    public byte[] Open(User user) => sealing.Open(user.SealedOneTimeKey, user.Id, SealedFor.OneTimeKey);

    public static byte[] NewOneTimeKey() => RandomNumberGenerator.GetBytes(Totp.KeyBytes);

    /// <summary>Makes codes for the user to write down, and what is kept of them.</summary>
    public (string[] Codes, string[] Kept) NewRecoveryCodes(Guid user)
    {
        var codes = Enumerable.Range(0, Codes)
            .Select(_ => $"{RandomNumberGenerator.GetString(Alphabet, CodeGroup)}-{RandomNumberGenerator.GetString(Alphabet, CodeGroup)}")
            .ToArray();
        return (codes, [.. codes.Select(code => HashOf(code, user))]);
    }

    public string HashOf(string code, Guid user)
    {
        var normal = new string([.. code.Where(char.IsAsciiLetterOrDigit).Select(char.ToUpperInvariant)]);
        var master = Convert.FromBase64String(options.Value.KeyEncryptionKey!);
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, master, 32, info: "platform.identity.recovery-code"u8.ToArray());
        CryptographicOperations.ZeroMemory(master);
        return Convert.ToBase64String(HMACSHA256.HashData(key, (byte[])[.. user.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(normal)]));
    }
}
