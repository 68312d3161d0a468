namespace Platform.FeatureFlags;

/// <summary>The parts of an HTTP request that can turn a flag.</summary>
public interface IFlagRequest
{
    /// <summary>The value of a query parameter, the empty text when it has none, null when it is absent.</summary>
    string? Query(string name);

    /// <summary>The value of a header, null when it is absent. Names differ neither by case.</summary>
    string? Header(string name);

    /// <summary>The value of a cookie, null when it is absent.</summary>
    string? Cookie(string name);
}
