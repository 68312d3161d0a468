namespace Platform.EntityFrameworkCore.Identity;

// What a sealed box is for; authenticated with it, so that one cannot take another's place. The kinds of identity keys come first.
internal enum SealedFor : byte
{
    Encryption = IdentityKeyKind.Encryption,
    Signing = IdentityKeyKind.Signing,
    OneTimeKey = 64,
    CookieKeys = 65,
}
