using System.Runtime.CompilerServices;

namespace Platform.Redaction.Detection;

/// <summary>The classes of ASCII characters that the scan tells apart; every other character is of no class.</summary>
internal static class CharClass
{
    public const byte Digit = 1;
    public const byte Upper = 2;
    public const byte Lower = 4;
    public const byte HexLetter = 8;
    public const byte Letter = Upper | Lower;
    public const byte Alphanumeric = Digit | Upper | Lower;

    private static ReadOnlySpan<byte> Classes =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0,
        0, 10, 10, 10, 10, 10, 10, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 0, 0, 0, 0, 0,
        0, 12, 12, 12, 12, 12, 12, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 0, 0, 0, 0, 0,
    ];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte Of(char c) => c < 128 ? Classes[c] : (byte)0;

    public static bool IsDigit(char c) => char.IsAsciiDigit(c);

    public static bool IsLetter(char c) => (Of(c) & Letter) != 0;

    public static bool IsAlphanumeric(char c) => (Of(c) & Alphanumeric) != 0;

    public static bool IsHex(char c) => (Of(c) & (Digit | HexLetter)) != 0;
}
