using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using OpenIddict.Server;
using Platform.EntityFrameworkCore.Identity;
using Platform.Errors;

namespace Platform.Api.Identity;

/// <summary>
/// The token server's keys in memory, read from the database and read again while the host runs, so that a key which was added
/// elsewhere is published and used here without a restart. Thread safe.
/// </summary>
internal sealed class KeyRing(IServiceScopeFactory scopes, TimeProvider time, ILogger<KeyRing> logger)
    : IOptionsChangeTokenSource<OpenIddictServerOptions>, IDisposable
{
    // Further ahead, a look comes first.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim _loading = new(1, 1);
    private volatile KeyRingContent? _content;
    private CancellationTokenSource _changed = new();
    private ITimer? _activation;

    /// <summary>What was read last, or null before that.</summary>
    public KeyRingContent? Content => _content;

    string IOptionsChangeTokenSource<OpenIddictServerOptions>.Name => Options.DefaultName;

    IChangeToken IOptionsChangeTokenSource<OpenIddictServerOptions>.GetChangeToken() => new CancellationChangeToken(Volatile.Read(ref _changed).Token);

    /// <summary>Gives the keys, reading them where that has not been possible so far.</summary>
    /// <exception cref="ErrorException">There are none yet: the migrate step has not run.</exception>
    public async ValueTask<KeyRingContent> GetAsync(CancellationToken cancellationToken) =>
        _content ?? await LoadAsync(onlyIfEmpty: true, cancellationToken)
        ?? throw new ErrorException(ErrorCode.ServiceUnavailable, "The keys of the token server are not there yet.") { RetryAfter = TimeSpan.FromSeconds(2) };

    /// <summary>Reads the keys again and tells the token server when they are others, or another one's time has come.</summary>
    public Task<KeyRingContent?> RefreshAsync(CancellationToken cancellationToken) => LoadAsync(onlyIfEmpty: false, cancellationToken);

    public void Dispose()
    {
        _activation?.Dispose();
        _loading.Dispose();
        _changed.Dispose();
    }

    private async Task<KeyRingContent?> LoadAsync(bool onlyIfEmpty, CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        try
        {
            if (onlyIfEmpty && _content is { } there)
            {
                return there;
            }

            await using var scope = scopes.CreateAsyncScope();
            var keys = await scope.ServiceProvider.GetRequiredService<SigningKeys>().ReadAsync(cancellationToken);
            var now = time.GetUtcNow();
            var read = KeyRingContent.From(keys, now);
            Await(keys.Where(key => key.ActivatesAt > now).Select(key => (DateTimeOffset?)key.ActivatesAt).Min() - now);
            foreach (var key in keys)
            {
                CryptographicOperations.ZeroMemory(key.Material);
            }

            if (read is null || read.IsSameAs(_content))
            {
                return _content;
            }

            _content = read;
            Log.KeysRead(logger, read.Signing.Count, read.Signing[0].KeyId);
            await AnnounceAsync();
            return read;
        }
        finally
        {
            _loading.Release();
        }
    }

    // A key takes over when its time comes, not when somebody happens to look.
    private void Await(TimeSpan? activation)
    {
        _activation?.Dispose();
        _activation = activation is { } due && due < Longest ? time.CreateTimer(_ => _ = ActivateAsync(), null, due, Timeout.InfiniteTimeSpan) : null;
    }

    private async Task ActivateAsync()
    {
        try
        {
            await RefreshAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The next look, a minute later at most, finds it.
            Log.KeysNotRead(logger, e.GetType().Name, e);
        }
    }

    private async Task AnnounceAsync()
    {
        using var changed = Interlocked.Exchange(ref _changed, new CancellationTokenSource());
        await changed.CancelAsync();
    }
}
