namespace Platform.FeatureFlags;

/// <summary>Where the parts of a time window stand in the document that is checked.</summary>
internal interface IWindowPointers
{
    string Start { get; }

    string End { get; }

    string Interval { get; }

    string Days { get; }

    string Until { get; }

    string Occurrences { get; }
}
