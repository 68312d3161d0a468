using System.Security.Cryptography;
using System.Text;

namespace Platform.Secrets;

/// <summary>
/// What PostgreSQL keeps of a password (RFC 5802 and RFC 7677, SCRAM-SHA-256; PostgreSQL manual, "pg_authid"). Made here, so that the password itself never
/// reaches the server, its statement log or pg_stat_statements.
/// </summary>
public static class ScramVerifier
{
    // The server's own default, and the least that RFC 7677, section 4 allows.
    private const int Iterations = 4096;
    private const int SaltLength = 16;

    /// <summary>Makes a verifier with a random salt.</summary>
    /// <param name="password">ASCII letters, digits, - and _ only, which SASLprep (RFC 4013) leaves as they are.</param>
    public static string Of(string password) => Of(password, RandomNumberGenerator.GetBytes(SaltLength), Iterations);

    internal static string Of(string password, byte[] salt, int iterations)
    {
        ArgumentException.ThrowIfNullOrEmpty(password);
        if (!password.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            throw new ArgumentException("The password has characters that SASLprep might change.", nameof(password));
        }

        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.ASCII.GetBytes(password), salt, iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        var stored = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var server = HMACSHA256.HashData(salted, "Server Key"u8);
        CryptographicOperations.ZeroMemory(salted);
        return $"SCRAM-SHA-256${iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(stored)}:{Convert.ToBase64String(server)}";
    }
}
