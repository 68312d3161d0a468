namespace Platform.FeatureFlags;

/// <summary>A percentage of the 2^32 values of a hash. A greater share holds every value that a smaller one does.</summary>
internal readonly struct Share(decimal percent)
{
    private const decimal Values = 4_294_967_296m;

    private readonly ulong _below = (ulong)(Math.Clamp(percent, 0m, 100m) * Values / 100m);

    public bool Holds(uint hash) => hash < _below;
}
