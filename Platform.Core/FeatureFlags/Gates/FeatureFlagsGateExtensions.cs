using Platform.Errors;

namespace Platform.FeatureFlags.Gates;

/// <summary>Gates for code that is called.</summary>
public static class FeatureFlagsGateExtensions
{
    /// <summary>Goes on only where the gate is open.</summary>
    /// <param name="flags">Who answers.</param>
    /// <param name="gate"><c>name</c>, or <c>!name</c> where the flag has to be off.</param>
    /// <param name="context">The caller.</param>
    /// <exception cref="ErrorException">The gate is closed: <see cref="ErrorCode.ResourceNotFound"/>, as if there were nothing.</exception>
    public static void Require(this IFeatureFlags flags, string gate, FlagContext context)
    {
        if (!FlagGate.Parse(gate).IsOpen(flags, context))
        {
            throw new ErrorException(ErrorCode.ResourceNotFound, "There is nothing here.");
        }
    }

    /// <inheritdoc cref="Require(IFeatureFlags, string, FlagContext)"/>
    /// <param name="flags">Who answers.</param>
    /// <param name="flag">The flag, declared.</param>
    /// <param name="context">The caller.</param>
    public static void Require<T>(this IFeatureFlags flags, Flag<T> flag, FlagContext context)
    {
        ArgumentNullException.ThrowIfNull(flag);
        flags.Require(flag.Name, context);
    }
}
