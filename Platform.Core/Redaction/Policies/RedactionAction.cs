namespace Platform.Redaction;

/// <summary>What becomes of a value.</summary>
public enum RedactionAction
{
    /// <summary>The form stays, and the part that people recognise it by: <c>j***@e***.com</c>. A secret is erased instead.</summary>
    Mask,

    /// <summary>A token takes its place that is the same for the same value (HMAC-SHA256), so that lines still join. A secret too.</summary>
    Hash,

    /// <summary><c>[redacted]</c> takes its place.</summary>
    Erase,

    /// <summary>It stays as it is.</summary>
    Keep,
}
