namespace Platform.FeatureFlags;

/// <summary>A condition on one field of the context. Operators and their meaning are Unleash's.</summary>
public sealed record ConstraintDefinition
{
    /// <summary>
    /// <c>userId</c>, <c>userName</c>, <c>sessionId</c>, <c>remoteAddress</c>, <c>environment</c>, <c>appName</c>, <c>currentTime</c>, <c>language</c>,
    /// <c>groups</c>, <c>roles</c> (any member counts), or the name of a property, for instance a claim.
    /// </summary>
    public required string Field { get; init; }

    /// <summary>One of <see cref="ConstraintOperators.All"/>.</summary>
    public required string Operator { get; init; }

    /// <summary>What <c>IN</c>, <c>NOT_IN</c>, <c>STR_*</c> and <c>IN_CIDR</c> compare with.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>What the other operators compare with.</summary>
    public string? Value { get; init; }

    /// <summary>Turns the answer round, also where the field is missing.</summary>
    public bool Inverted { get; init; }

    /// <summary>For <c>STR_*</c> and <c>REGEX</c>.</summary>
    public bool CaseInsensitive { get; init; }
}
