namespace Platform.ServiceDefaults.Commands;

/// <summary>A command was called wrongly. The message says how to call it.</summary>
/// <param name="message">For the person at the terminal.</param>
public sealed class CommandUsageException(string message) : Exception(message);
