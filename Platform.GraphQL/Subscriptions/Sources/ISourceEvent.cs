namespace Platform.GraphQL.Subscriptions.Sources;

/// <summary>An event of a source stream (GraphQL specification, section 6.2.3) that can be named later.</summary>
internal interface ISourceEvent
{
    /// <summary>Where it stands: what a subscriber gives to go on behind it.</summary>
    string Id { get; }
}
