namespace Platform.FeatureFlags;

/// <summary>An answer, and what it rests on.</summary>
public readonly struct FlagDecision
{
    internal FlagDecision(bool enabled, FlagReason reason, int part = -1, FlagVariant? variant = null)
    {
        Variant = variant;
        Part = (short)part;
        Reason = reason;
        Enabled = enabled;
    }

    /// <summary>The variant, where one was asked for and there is one.</summary>
    public FlagVariant? Variant { get; }

    /// <summary>Which rule, strategy, filter or prerequisite decided, from 0; -1 where that makes no sense.</summary>
    public short Part { get; }

    /// <summary>What decided.</summary>
    public FlagReason Reason { get; }

    /// <summary>On or off.</summary>
    public bool Enabled { get; }

    internal FlagDecision With(FlagVariant? variant) => new(Enabled, Reason, Part, variant);
}
