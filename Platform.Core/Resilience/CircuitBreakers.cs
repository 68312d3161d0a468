using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Platform.Resilience;

/// <summary>The breakers of this process by name; each is made when it is first asked for. Thread safe.</summary>
public sealed class CircuitBreakers
{
    /// <summary>The options of breakers that set none of their own.</summary>
    public const string DefaultName = "default";

    /// <summary>Names are at most so long.</summary>
    public const int MaxNameLength = 64;

    private const int MaxBreakers = 1000;

    private static readonly ConditionalWeakTable<CircuitBreakers, object> Living = [];

    private readonly ConcurrentDictionary<string, CircuitBreaker> _breakers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CircuitBreakerOptions> _overrides = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CircuitBreakerOptions> _configured = new(StringComparer.Ordinal);
    private readonly IOptionsFactory<CircuitBreakerOptions> _options;
    private readonly TimeProvider _time;
    private readonly ILogger<CircuitBreakers> _logger;

    /// <summary>Starts with none.</summary>
    public CircuitBreakers(
        IOptionsFactory<CircuitBreakerOptions> options, TimeProvider time, ILogger<CircuitBreakers> logger, IConfiguration? configuration = null)
    {
        (_options, _time, _logger) = (options, time, logger);
        if (configuration is not null)
        {
            ChangeToken.OnChange(configuration.GetReloadToken, Reconfigure);
        }

        Living.Add(this, _breakers);
    }

    /// <summary>Those that were asked for, by name.</summary>
    public IReadOnlyList<CircuitBreaker> All => [.. _breakers.Values.OrderBy(breaker => breaker.Name, StringComparer.Ordinal)];

    /// <summary>Counts changes of state and new breakers.</summary>
    internal int Version => Volatile.Read(ref _version);

    private int _version;

    /// <summary>The breakers of every host in this process, for the gauges.</summary>
    internal static IEnumerable<CircuitBreaker> Everywhere => Living.SelectMany(pair => pair.Key.All);

    /// <summary>The breaker of a name.</summary>
    /// <exception cref="ArgumentException">It is no name, see <see cref="IsName"/>.</exception>
    public CircuitBreaker Get(string name)
    {
        if (_breakers.TryGetValue(name, out var breaker))
        {
            return breaker;
        }

        if (!IsName(name))
        {
            throw new ArgumentException($"'{name}' is no name of a breaker.", nameof(name));
        }

        if (_breakers.Count >= MaxBreakers)
        {
            throw new InvalidOperationException($"There are {MaxBreakers} breakers: names are made from something that has no end.");
        }

        return _breakers.GetOrAdd(name, static (name, self) => self.Make(name), this);
    }

    /// <summary>1 to 64 small letters, digits, <c>_</c>, <c>-</c> and <c>.</c>, a letter first.</summary>
    public static bool IsName(string? name) =>
        name is { Length: > 0 and <= MaxNameLength } && char.IsAsciiLetterLower(name[0])
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-' or '.');

    /// <summary>Replaces what operators set at run time.</summary>
    public void Override(IReadOnlyDictionary<string, CircuitBreakerOptions> overrides)
    {
        ArgumentNullException.ThrowIfNull(overrides);
        foreach (var name in _overrides.Keys.Where(name => !overrides.ContainsKey(name)))
        {
            _overrides.TryRemove(name, out _);
        }

        foreach (var (name, options) in overrides)
        {
            _overrides[name] = options;
        }
    }

    /// <summary>The options that hold for a name.</summary>
    public CircuitBreakerOptions OptionsOf(string name) => _overrides.TryGetValue(name, out var set)
        ? set
        : _configured.GetOrAdd(name, static (name, options) => options.Create(name), _options);

    // What is wrong in a configuration that changed must not take a breaker down: it goes on with what held before.
    private void Reconfigure()
    {
        foreach (var name in _configured.Keys)
        {
            try
            {
                _configured[name] = _options.Create(name);
            }
            catch (Exception failure) when (failure is OptionsValidationException or InvalidOperationException)
            {
                Log.Misconfigured(_logger, name, failure.Message);
            }
        }
    }

    private CircuitBreaker Make(string name)
    {
        var breaker = new CircuitBreaker(name, () => OptionsOf(name), _time);
        breaker.Changed += Tell;
        Telemetry.FromZero(name);
        Interlocked.Increment(ref _version);
        return breaker;
    }

    private void Tell(CircuitBreaker breaker, CircuitState before, CircuitState after, Exception? failure)
    {
        Interlocked.Increment(ref _version);
        Telemetry.Transitions.Add(1, new(Telemetry.NameTag, breaker.Name), new(Telemetry.StateTag, Telemetry.Text(after)));
        switch (after)
        {
            case CircuitState.Open when before is CircuitState.Closed:
                Log.Opened(_logger, failure, breaker.Name, breaker.Snapshot.RetryAfter.TotalSeconds, breaker.Snapshot.Order);
                break;
            case CircuitState.Open:
                Log.StillOpen(_logger, breaker.Name, breaker.Snapshot.RetryAfter.TotalSeconds);
                break;
            case CircuitState.Closed:
                Log.Closed(_logger, breaker.Name);
                break;
        }
    }
}
