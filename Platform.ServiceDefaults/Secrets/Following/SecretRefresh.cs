using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Hosting;
using Platform.Identifiers;
using Platform.Secrets;

namespace Platform.ServiceDefaults.Secrets;

/// <summary>Reads secrets before any other service starts, follows their changes, and says how far it is, so that nothing is retired that it still uses.</summary>
internal sealed class SecretRefresh(
    SecretCatalog catalog,
    LiveSecrets live,
    SecretEnvelope envelope,
    IKeyEncryptionKeys keys,
    SecretConfiguration configuration,
    IEnumerable<ISecretObserver> observers,
    IHostEnvironment environment,
    IOptions<SecretsOptions> options,
    TimeProvider time,
    ILogger<SecretRefresh> logger,
    ISecretFeed? feed = null) : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AfterOutage = TimeSpan.FromSeconds(1);

    private readonly Guid _replica = Uuid7.Next(time);
    private readonly WakeSignal _news = new();
    private readonly Dictionary<string, long> _taken = new(StringComparer.Ordinal);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (feed is null)
        {
            return;
        }

        if (!keys.Available)
        {
            Log.NoKey(logger, SecretsOptions.Section);
            return;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        try
        {
            await LookAsync(feed, limit.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            // The host starts with what it is configured with, and takes the secrets up when they can be read.
            Log.NotRead(logger, e.GetType().Name, e);
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (feed is not null && keys.Available)
        {
            try
            {
                await feed.LeaveAsync(_replica, cancellationToken);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Log.NotRead(logger, e.GetType().Name, e);
            }
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => feed is null || !keys.Available
        ? Task.CompletedTask
        : Task.WhenAll(
            PersistentLoop.RunAsync(stop => FollowAsync(feed, stop), e => Log.NotRead(logger, e.GetType().Name, e), AfterOutage, time, stoppingToken),
            PersistentLoop.RunAsync(stop => feed.ListenAsync(_news.Set, stop), NotTold, AfterOutage, time, stoppingToken));

    private async Task FollowAsync(ISecretFeed source, CancellationToken stop)
    {
        await _news.WaitAsync(options.Value.PollInterval, time, stop);
        await LookAsync(source, stop);
    }

    private void NotTold(Exception exception)
    {
        Log.NotTold(logger, exception.GetType().Name);
        _news.Set();
    }

    private async Task LookAsync(ISecretFeed source, CancellationToken cancellationToken)
    {
        var read = await source.ReadAsync(cancellationToken);
        var known = new Dictionary<string, Secret>(live.All, StringComparer.Ordinal);
        var changed = new List<Secret>();
        foreach (var stored in read.Where(stored => _taken.GetValueOrDefault(stored.Name, -1) != stored.Generation))
        {
            if (await OpenAsync(stored, cancellationToken) is { } secret)
            {
                known[stored.Name] = secret;
                changed.Add(secret);
            }
        }

        live.Replace(known.Values);
        if (changed.Count > 0)
        {
            configuration.Bind(known.Values
                .Select(secret => (Definition: catalog.Find(secret.Name), secret))
                .Where(pair => pair.Definition is not null)
                .Select(pair => (pair.Definition!, pair.secret)));
        }

        foreach (var secret in changed)
        {
            if (await TakeAsync(secret, cancellationToken))
            {
                _taken[secret.Name] = secret.Generation;
            }
        }

        await source.AcknowledgeAsync(_replica, environment.ApplicationName, _taken, cancellationToken);
    }

    private async Task<Secret?> OpenAsync(StoredSecret stored, CancellationToken cancellationToken)
    {
        var versions = new List<SecretVersion>();
        foreach (var version in stored.Versions)
        {
            try
            {
                var value = await envelope.OpenAsync(stored.Name, version.Id, version.Sealed, cancellationToken);
                versions.Add(new SecretVersion(version.Id, version.Stage, Encoding.UTF8.GetString(value), version.Reference));
                CryptographicOperations.ZeroMemory(value);
            }
            catch (CryptographicException e)
            {
                Log.NotOpened(logger, stored.Name, e.Message);
                return null;
            }
        }

        return new Secret(stored.Name, stored.Generation, versions);
    }

    private async Task<bool> TakeAsync(Secret secret, CancellationToken cancellationToken)
    {
        foreach (var observer in observers)
        {
            try
            {
                await observer.TakeAsync(secret, cancellationToken);
            }
            catch (Exception e) when (e is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
            {
                Log.NotTaken(logger, secret.Name, observer.GetType().Name, e);
                return false;
            }
        }

        return true;
    }
}
