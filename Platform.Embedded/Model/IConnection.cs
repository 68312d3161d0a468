namespace Platform.Embedded;

/// <summary>How clients reach a resource; known once the engine has chosen ports and passwords.</summary>
internal interface IConnection
{
    string ConnectionString { get; }

    /// <summary>The parts of it, by the names that Aspire gives them.</summary>
    IEnumerable<KeyValuePair<string, string>> Properties { get; }
}
