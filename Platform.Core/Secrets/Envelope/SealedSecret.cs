namespace Platform.Secrets;

/// <summary>A value as it is stored: sealed with a key of its own, and that key sealed with the key-encryption key.</summary>
/// <param name="KeyId">Which key-encryption key; tells keys apart and nothing of them.</param>
/// <param name="WrappedKey">The data key, sealed with it.</param>
/// <param name="Box">The value, sealed with the data key.</param>
public sealed record SealedSecret(string KeyId, byte[] WrappedKey, byte[] Box)
{
    /// <summary>The key's id alone.</summary>
    public override string ToString() => $"sealed with {KeyId}";
}
