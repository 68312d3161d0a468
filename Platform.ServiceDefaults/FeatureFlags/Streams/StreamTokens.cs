using System.Globalization;
using Microsoft.Extensions.Options;

namespace Platform.ServiceDefaults.FeatureFlags.Streams;

/// <summary>
/// Signed tokens for the address of a stream, because an <c>EventSource</c> sends no header. All of one half lifetime are the same: a client
/// that is told the same address again keeps its stream.
/// </summary>
internal sealed class StreamTokens(FlagSigning signing, IOptions<FlagStreamOptions> options, TimeProvider time)
{
    public const string Parameter = "token";

    private readonly long _half = Math.Max(1, (long)options.Value.TokenLifetime.TotalMilliseconds / 2);

    /// <summary>Grows by one with each new token; whoever keeps an answer with a token has to ask anew then.</summary>
    public long Epoch => time.GetUtcNow().ToUnixTimeMilliseconds() / _half;

    public string Current => signing.SignStream(((Epoch + 2) * _half).ToString(CultureInfo.InvariantCulture));

    public bool IsValid(string token) =>
        signing.ReadStream(token) is { } content
        && long.TryParse(content, NumberStyles.None, CultureInfo.InvariantCulture, out var expires)
        && time.GetUtcNow().ToUnixTimeMilliseconds() < expires;
}

/// <summary>The endpoint takes a <see cref="StreamTokens"/> token as credentials.</summary>
internal sealed record TakesStreamToken;
