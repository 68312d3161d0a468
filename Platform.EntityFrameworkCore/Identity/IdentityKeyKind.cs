namespace Platform.EntityFrameworkCore.Identity;

/// <summary>What a key of the token server is for.</summary>
public enum IdentityKeyKind
{
    /// <summary>Signs tokens: RSA, 2048 bits, because verifying, which happens at each request, is cheapest with it.</summary>
    Signing,

    /// <summary>Encrypts what only the server itself reads, such as authorization codes: AES, 256 bits.</summary>
    Encryption,
}
