using Platform.Redaction.Detection;
using static Platform.Redaction.Detection.Sureness;

namespace Platform.Redaction.Recognizers;

/// <summary>Australia.</summary>
internal static class Australia
{
    /// <summary>Eleven digits. Australian Business Register: one less in the first digit, weights, modulo 89.</summary>
    public static double Abn(ReadOnlySpan<byte> d, double sureness) =>
        d[0] != 0 && (Checksum.Weighted(d, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10) % 89 == 0 ? sureness : None;

    /// <summary>Nine digits. Australian Securities and Investments Commission: weights 8 to 1, modulo 10.</summary>
    public static double Acn(ReadOnlySpan<byte> d, double sureness) =>
        (10 - (Checksum.Weighted(d, [8, 7, 6, 5, 4, 3, 2, 1]) % 10)) % 10 == d[8] && !Checksum.IsRepeated(d) ? sureness : None;

    /// <summary>Nine digits. Australian Taxation Office: weights 1, 4, 3, 7, 5, 8, 6, 9, 10, modulo 11.</summary>
    public static double Tfn(ReadOnlySpan<byte> d, double sureness) =>
        Checksum.Weighted(d, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 == 0 && !Checksum.IsRepeated(d) ? sureness : None;

    /// <summary>Ten digits. Services Australia: first digit 2 to 6, weights 1, 3, 7, 9, modulo 10, then the issue.</summary>
    public static double Medicare(ReadOnlySpan<byte> d, double sureness) =>
        d[0] is >= 2 and <= 6 && Checksum.Weighted(d, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 == d[8] ? sureness : None;
}
