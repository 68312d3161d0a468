namespace Platform.Testing;

/// <summary>A database that is prepared once for a test program and then copied.</summary>
/// <param name="Key">Tells one template from another: the same key is prepared once, whoever asks first.</param>
/// <param name="PrepareAsync">Fills the empty database at the connection string, for example with the migrations.</param>
/// <param name="Base">What it begins as a copy of, so that what two have in common is made once; empty by default.</param>
public sealed record DatabaseTemplate(string Key, Func<string, CancellationToken, Task> PrepareAsync, DatabaseTemplate? Base = null);
