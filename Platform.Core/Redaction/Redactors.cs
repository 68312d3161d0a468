using Microsoft.Extensions.Options;

namespace Platform.Redaction;

/// <summary>The redactors of the configuration, one for each audience. Thread safe; changed configuration counts for the next call.</summary>
public sealed class Redactors : IDisposable
{
    private static readonly RedactionAudience[] Audiences = Enum.GetValues<RedactionAudience>();

    private readonly IRedactionKeys _keys;
    private readonly IDisposable? _subscription;
    private Redactor[] _redactors;

    /// <summary>Makes them.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="keys">The key of tokens.</param>
    public Redactors(IOptionsMonitor<RedactionOptions> options, IRedactionKeys keys)
    {
        ArgumentNullException.ThrowIfNull(options);
        _keys = keys;
        _redactors = Make(options.CurrentValue);
        _subscription = options.OnChange(changed => Volatile.Write(ref _redactors, Make(changed)));
    }

    /// <summary>The redactor of an audience.</summary>
    public Redactor For(RedactionAudience audience) => Volatile.Read(ref _redactors)[(int)audience];

    /// <summary>Stops following the configuration.</summary>
    public void Dispose() => _subscription?.Dispose();

    private Redactor[] Make(RedactionOptions options)
    {
        var detector = new PiiDetector(new() { MinimumConfidence = options.MinimumConfidence });
        return [.. Audiences.Select(audience => new Redactor(detector, PolicyOf(audience, options), _keys))];
    }

    private static RedactionPolicy PolicyOf(RedactionAudience audience, RedactionOptions options)
    {
        var policy = RedactionPolicy.For(audience);
        foreach (var (name, action) in options.Audiences.GetValueOrDefault(audience, []))
        {
            policy = PiiTypes.TryParse(name, out var type) ? policy.With(type, action) : policy;
        }

        return policy;
    }
}
