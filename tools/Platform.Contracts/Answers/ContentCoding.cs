using System.IO.Compression;
using ZstdSharp;

namespace Platform.Contracts.Answers;

/// <summary>The codings in which the platform answers (RFC 9110, section 8.4.1).</summary>
internal static class ContentCoding
{
    /// <exception cref="InvalidDataException">The body is not in that coding, or the coding is none of br, gzip and zstd.</exception>
    public static async Task<byte[]> DecodeAsync(string coding, byte[] body, CancellationToken cancellationToken)
    {
        using var encoded = new MemoryStream(body);
        await using Stream decoder = coding switch
        {
            "br" => new BrotliStream(encoded, CompressionMode.Decompress),
            "gzip" => new GZipStream(encoded, CompressionMode.Decompress),
            "zstd" => new DecompressionStream(encoded),
            _ => throw new InvalidDataException($"{coding} is no coding that can be read here."),
        };
        using var decoded = new MemoryStream();
        await decoder.CopyToAsync(decoded, cancellationToken);
        return decoded.ToArray();
    }
}
