namespace Platform.FeatureFlags;

/// <summary>What a document is made of.</summary>
public enum FlagItemKind
{
    /// <summary>A <see cref="FlagDefinition"/>.</summary>
    Flag,

    /// <summary>A <see cref="SwitchDefinition"/>.</summary>
    Switch,

    /// <summary>A <see cref="SampleDefinition"/>.</summary>
    Sample,

    /// <summary>A <see cref="SegmentDefinition"/>.</summary>
    Segment,

    /// <summary>One of <see cref="FlagDocument.Envelopes"/>, by its name.</summary>
    Envelope,
}
