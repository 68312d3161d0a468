using System.IO.Compression;
using System.Security.Cryptography;

namespace Platform.GraphQL.Ide;

/// <summary>The script and the style sheet of the page, out of this assembly: nothing is loaded from anywhere else.</summary>
internal static class IdeAssets
{
    private static readonly Dictionary<string, Lazy<IdeAsset>> All = new(StringComparer.Ordinal)
    {
        ["ide.js"] = new(() => Read("ide.js", "text/javascript; charset=utf-8")),
        ["ide.css"] = new(() => Read("ide.css", "text/css; charset=utf-8")),
    };

    /// <summary>Finds one by its name.</summary>
    public static IdeAsset? Find(string name) => All.TryGetValue(name, out var asset) ? asset.Value : null;

    private static IdeAsset Read(string name, string contentType)
    {
        using var resource = typeof(IdeAssets).Assembly.GetManifestResourceStream(name)!;
        using var plain = new MemoryStream();
        resource.CopyTo(plain);
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            brotli.Write(plain.GetBuffer(), 0, (int)plain.Length);
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(plain.GetBuffer().AsSpan(0, (int)plain.Length)).AsSpan(0, 8));
        return new(contentType, hash, plain.ToArray(), packed.ToArray());
    }
}

/// <summary>One file of the page.</summary>
/// <param name="ContentType">Its media type.</param>
/// <param name="Hash">Of its content: part of its address, so that it can be kept for good.</param>
/// <param name="Plain">Its content.</param>
/// <param name="Brotli">The same, compressed.</param>
internal sealed record IdeAsset(string ContentType, string Hash, byte[] Plain, byte[] Brotli);
