namespace Platform.Embedded;

/// <summary>A value that comes from outside of the topology.</summary>
public sealed class ParameterResource : Resource
{
    private readonly Lazy<string> _value;

    internal ParameterResource(string name, bool secret, Func<string> value)
        : base(name)
    {
        Secret = secret;
        _value = new Lazy<string>(value);
    }

    /// <summary>Whether it must not be shown.</summary>
    public bool Secret { get; }

    internal string Value => _value.Value;
}

/// <summary>What a parameter is when nobody gives it a value.</summary>
public abstract class ParameterDefault
{
    /// <summary>Makes the value.</summary>
    public abstract string GetDefaultValue();
}
