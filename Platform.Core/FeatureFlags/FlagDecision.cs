namespace Platform.FeatureFlags;

/// <summary>An answer, and what it rests on.</summary>
public readonly struct FlagDecision
{
    private readonly Verdict _verdict;

    internal FlagDecision(Verdict verdict, FlagVariant? variant = null)
    {
        _verdict = verdict;
        Variant = variant;
    }

    /// <summary>The variant, where there is one.</summary>
    public FlagVariant? Variant { get; }

    /// <summary>Which rule, strategy, filter or prerequisite decided, from 0; -1 where that makes no sense.</summary>
    public int Part => _verdict.Part;

    /// <summary>What decided.</summary>
    public FlagReason Reason => _verdict.Reason;

    /// <summary>On or off.</summary>
    public bool Enabled => _verdict.Enabled;
}
