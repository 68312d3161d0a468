namespace Platform.Testing;

/// <summary>A database that is prepared once for a test program and then copied.</summary>
/// <param name="Key">Tells one template from another: the same key is prepared once, whoever asks first.</param>
/// <param name="PrepareAsync">Fills the database at the connection string, for example with the migrations.</param>
public sealed record DatabaseTemplate(string Key, Func<string, CancellationToken, Task> PrepareAsync)
{
    /// <summary>What it begins as: a copy of another template, or empty by default.</summary>
    public DatabaseTemplate? Base { get; init; }
}
