namespace Platform.Redaction;

/// <summary>Where the key of <see cref="RedactionAction.Hash"/> comes from. Asked for every value, so a rotated key counts at once.</summary>
public interface IRedactionKeys
{
    /// <summary>The key that tokens are made with now: at least 32 random bytes, never logged.</summary>
    ReadOnlyMemory<byte> Current { get; }
}
