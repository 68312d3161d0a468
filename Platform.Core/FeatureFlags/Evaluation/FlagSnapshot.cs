using System.Collections.Frozen;
using Platform.Errors;

namespace Platform.FeatureFlags;

/// <summary>A document made ready to answer: immutable, every rule compiled, safe to ask from any thread.</summary>
public sealed class FlagSnapshot
{
    private readonly FrozenDictionary<string, CompiledFlag> _flags;
    private readonly FrozenDictionary<string, bool> _switches;
    private readonly FrozenDictionary<string, double> _samples;
    private readonly Random _random;
    private string? _fingerprint;
    private Steady? _steady;

    internal FlagSnapshot(
        FlagDocument document, long version, FlagRuntime runtime, FrozenDictionary<string, CompiledFlag> flags, IReadOnlyList<FieldError> problems)
    {
        Document = document;
        Version = version;
        Runtime = runtime;
        Problems = problems;
        _random = runtime.Random;
        _flags = flags;
        _switches = document.Switches.DistinctBy(item => item.Name).ToFrozenDictionary(item => item.Name, item => item.Active, StringComparer.Ordinal);
        _samples = document.Samples.DistinctBy(item => item.Name)
            .ToFrozenDictionary(item => item.Name, item => (double)item.Percent, StringComparer.Ordinal);
    }

    /// <summary>What was compiled.</summary>
    public FlagDocument Document { get; }

    /// <summary>Grows with every change; 0 for what comes from configuration.</summary>
    public long Version { get; }

    /// <summary>What is wrong with flags that cannot be read, by JSON pointer into the document. Such a flag is off; the others answer.</summary>
    public IReadOnlyList<FieldError> Problems { get; }

    /// <summary>Tells documents apart by what they hold, the same in every process: 16 characters of base64url. Worked out when it is first asked.</summary>
    public string Fingerprint => _fingerprint ??= SnapshotTraits.Fingerprint(Document);

    /// <summary>
    /// Nothing depends on the clock or on chance: a caller gets the same answers as long as this snapshot is in force. False also where that
    /// cannot be told.
    /// </summary>
    public bool IsSteady => (_steady ??= new Steady(SnapshotTraits.IsSteady(Document))).Value;

    internal FlagRuntime Runtime { get; }

    internal FeatureFlagOptions Options => Runtime.Options;

    /// <summary>Makes a document ready. Takes any document: a flag with errors is off, and its errors stand in <see cref="Problems"/>.</summary>
    /// <param name="document">The document.</param>
    /// <param name="options">Defaults and cookie names; the defaults of <see cref="FeatureFlagOptions"/> if null.</param>
    /// <param name="time">The clock of time windows and dates; the system's if null.</param>
    /// <param name="random">The dice of samples, waffle and unsticky percentages, thread-safe; the system's if null.</param>
    /// <param name="version">See <see cref="Version"/>.</param>
    /// <param name="previous">A snapshot whose flags are taken over where the document has the same objects; null compiles all anew.</param>
    public static FlagSnapshot Compile(
        FlagDocument document,
        FeatureFlagOptions? options = null,
        TimeProvider? time = null,
        Random? random = null,
        long version = 0,
        FlagSnapshot? previous = null)
    {
        ArgumentNullException.ThrowIfNull(document);
        var runtime = new FlagRuntime(options ?? new FeatureFlagOptions(), time ?? TimeProvider.System, random ?? Random.Shared);
        return new SnapshotCompiler(document, runtime, previous).Compile(version);
    }

    /// <summary>The answer with variant and reason.</summary>
    public FlagDecision Evaluate(string name, FlagContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Answer(Find(name), context);
    }

    /// <summary>Whether a switch is on.</summary>
    public bool IsSwitchOn(string name) => _switches.TryGetValue(name, out var active) ? active : Options.SwitchDefault;

    /// <summary>Whether this question is one of the sampled ones (waffle: <c>Decimal(str(random.uniform(0, 100))) &lt;= percent</c>).</summary>
    public bool IsSampled(string name) => _samples.TryGetValue(name, out var percent) ? _random.NextDouble() * 100 <= percent : Options.SampleDefault;

    /// <summary>Why a flag answers as it does.</summary>
    public FlagExplanation Explain(string name, FlagContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (Find(name) is not { } flag)
        {
            return new FlagExplanation(name, null, Options.FlagDefault, null, FlagReason.Unknown, "Nobody defined the flag: the default.", Version);
        }

        var decision = flag.DecideVariant(context);
        return new FlagExplanation(
            name, flag.Origin, decision.Enabled, decision.Variant?.Name, decision.Reason, flag.Explain(decision), Version)
        {
            Value = decision.Variant?.Value,
            Part = decision.Part < 0 ? null : decision.Part,
        };
    }

    internal FlagDecision Answer(CompiledFlag? flag, FlagContext context) =>
        flag is not null ? flag.DecideVariant(context) : new FlagDecision(new Verdict(Options.FlagDefault, FlagReason.Unknown));

    internal Dictionary<string, long> TakeAsked()
    {
        Dictionary<string, long> asked = new(StringComparer.Ordinal);
        foreach (var flag in _flags.Values)
        {
            if (flag.Asked.Take() is > 0 and var count)
            {
                asked.Add(flag.Name, count);
            }
        }

        return asked;
    }

    internal CompiledFlag? Find(string name) => _flags.TryGetValue(name, out var flag) ? flag : null;

    private sealed record Steady(bool Value);
}
