namespace Platform.Contracts.Model;

/// <summary>A document is not what it should be, or cannot be had.</summary>
public sealed class ContractException(string message) : Exception(message);
