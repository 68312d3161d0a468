namespace Platform.FeatureFlags.Gates;

/// <summary>A condition on one flag: it is on, or, written with a <c>!</c> before the name, it is off.</summary>
public readonly record struct FlagGate
{
    private FlagGate(string flag, bool negated)
    {
        Flag = flag;
        Negated = negated;
    }

    /// <summary>The flag's name.</summary>
    public string Flag { get; }

    /// <summary>Open where the flag is off.</summary>
    public bool Negated { get; }

    /// <summary>Reads <c>name</c> or <c>!name</c>.</summary>
    /// <exception cref="ArgumentException">There is no name.</exception>
    public static FlagGate Parse(string expression)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(expression);
        var negated = expression[0] == '!';
        var name = negated ? expression[1..] : expression;
        ArgumentException.ThrowIfNullOrWhiteSpace(name, nameof(expression));
        return new(name, negated);
    }

    /// <summary>Whether a caller gets through.</summary>
    public bool IsOpen(IFeatureFlags flags, FlagContext context)
    {
        ArgumentNullException.ThrowIfNull(flags);
        return flags.IsEnabled(Flag, context) != Negated;
    }

    /// <inheritdoc/>
    public override string ToString() => Negated ? $"!{Flag}" : Flag;
}
