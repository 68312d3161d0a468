using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Errors;
using Platform.TokenBinding;
using Platform.TokenBinding.Fingerprints;

namespace Platform.ServiceDefaults.TokenBinding;

/// <summary>
/// Fingerprints of tokens whose issuer writes none into them: the client that uses a token first is the one that it is bound to. In memory once known;
/// asked of the store once a token and process.
/// </summary>
internal sealed class FirstUses(IServiceProvider services, IOptions<TokenBindingOptions> options, ILogger<FirstUses> logger) : IDisposable
{
    private const int Remembered = 20_000;
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(2);

    private readonly MemoryCache _known = new(new MemoryCacheOptions { SizeLimit = Remembered });
    private readonly IFingerprintStore? _store = services.GetService<IFingerprintStore>();

    /// <summary>The sealed fingerprint that a token is bound to.</summary>
    /// <param name="token">The token as it was sent.</param>
    /// <param name="now">The sealed fingerprint of this request.</param>
    /// <param name="expiresAt">When the token expires.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null where nobody can tell and nobody is refused for it.</returns>
    /// <exception cref="ErrorException">Nobody can tell, and mismatches are refused.</exception>
    public async Task<string?> FindAsync(string token, string now, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        var name = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        if (_known.TryGetValue(name, out string? known))
        {
            return known;
        }

        if (_store is null)
        {
            return null;
        }

        try
        {
            var first = await _store.KeepFirstAsync(name, now, expiresAt, cancellationToken);
            return _known.Set(name, first, new MemoryCacheEntryOptions { AbsoluteExpiration = expiresAt, Size = 1 });
        }
        catch (Exception e) when (e is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            Log.FirstUseNotKept(logger, e.GetBaseException().GetType().Name);
            return options.Value.Fingerprint.Mode is FingerprintMode.ReportOnly
                ? null
                : throw new ErrorException(ErrorCode.ServiceUnavailable, "Who uses the token cannot be checked at present.", e) { RetryAfter = TryAgain };
        }
    }

    public void Dispose() => _known.Dispose();
}
