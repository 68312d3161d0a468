using System.Buffers;
using System.Globalization;

namespace Platform.Audit;

/// <summary>
/// The head of the chain at a moment, kept outside the database. A chain that lost its newest rows no longer reaches it.
/// </summary>
/// <param name="Sequence">The number of the last link.</param>
/// <param name="Hash">That link.</param>
/// <param name="At">When it was taken, in whole milliseconds.</param>
/// <param name="KeyId">Which key it is coded under.</param>
/// <param name="Code">Its own code, so that nobody without the key can make one.</param>
internal sealed record AuditAnchor(long Sequence, byte[] Hash, DateTimeOffset At, int KeyId, byte[] Code)
{
    private const int Parts = 5;

    public static AuditAnchor Make(AuditKeys keys, long sequence, byte[] hash, DateTimeOffset now)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds());
        return new AuditAnchor(sequence, hash, at, keys.CurrentId, AuditChain.Anchor(keys.Find(keys.CurrentId)!, sequence, hash, at));
    }

    /// <summary>Whether its code is right.</summary>
    public bool IsGenuine(AuditKeys keys) =>
        keys.Find(KeyId) is { } key && AuditChain.Same(AuditChain.Anchor(key, Sequence, Hash, At), Code);

    /// <summary>Reads the form of <see cref="ToString"/>.</summary>
    public static AuditAnchor? TryParse(string text)
    {
        var parts = text.Split('.');
        if (parts.Length != Parts
            || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            || !long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            || at > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            || !int.TryParse(parts[3], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var keyId)
            || FromHex(parts[1]) is not { } hash
            || FromHex(parts[4]) is not { } code)
        {
            return null;
        }

        return new AuditAnchor(sequence, hash, DateTimeOffset.FromUnixTimeMilliseconds(at), keyId, code);
    }

    /// <summary>One word without spaces: number, link, milliseconds since 1970, key, code, with dots between.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Sequence}.{Convert.ToHexStringLower(Hash)}.{At.ToUnixTimeMilliseconds()}.{KeyId:x8}.{Convert.ToHexStringLower(Code)}");

    private static byte[]? FromHex(string text)
    {
        var bytes = new byte[AuditChain.HashLength];
        return text.Length == 2 * bytes.Length && Convert.FromHexString(text, bytes, out _, out _) is OperationStatus.Done ? bytes : null;
    }
}
