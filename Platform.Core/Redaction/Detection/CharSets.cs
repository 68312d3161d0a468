using System.Buffers;

namespace Platform.Redaction.Detection;

/// <summary>Sets of characters, prepared for vectorised search. Ranges too: until it is optimised, <c>ContainsAnyInRange</c> of .NET 10 allocates.</summary>
internal static class CharSets
{
    public static readonly SearchValues<char> UpperAlphanumeric = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    public static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");

    public static readonly SearchValues<char> Lower = SearchValues.Create("abcdefghijklmnopqrstuvwxyz");

    public static readonly SearchValues<char> Upper = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ");

    public static readonly SearchValues<char> Alphanumeric = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    public static readonly SearchValues<char> Hexadecimal = SearchValues.Create("ABCDEFabcdef0123456789");

    /// <summary>Of base64url.</summary>
    public static readonly SearchValues<char> Token = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>RFC 6750, section 2.1.</summary>
    public static readonly SearchValues<char> Credential = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.~+/=");

    /// <summary>What ends a value without quotes.</summary>
    public static readonly SearchValues<char> ValueEnd = SearchValues.Create(" \t\r\n\"';,&<>|)}]");

    /// <summary>What ends a URL in a text.</summary>
    public static readonly SearchValues<char> UrlEnd = SearchValues.Create(" \"'<>)\t\n\r,;");

    /// <summary>What passwords have and prose has not.</summary>
    public static readonly SearchValues<char> PasswordSigns = SearchValues.Create("!@#$%^&*+=?~");

    /// <summary>Of German documents: no vowels, no look-alikes.</summary>
    public static readonly SearchValues<char> GermanDocument = SearchValues.Create("CFGHJKLMNPRTVWXYZ0123456789");

    /// <summary>Not used in the Italian licence.</summary>
    public static readonly SearchValues<char> NotInItalianLicense = SearchValues.Create("AEIOQV");
}
