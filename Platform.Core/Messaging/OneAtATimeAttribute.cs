namespace Platform.Messaging;

/// <summary>
/// Keeps a handler out of batches: each of its events gets a transaction and a scope of its own. For a handler that looks with a query
/// for what it wrote for another aggregate's event a moment ago, which a batch has not saved yet.
/// </summary>
/// <remarks>Costs about ten times the CPU of a batched handler. <see cref="OutsideWorldAttribute"/> implies it.</remarks>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class OneAtATimeAttribute : Attribute;
