namespace Platform.Messaging;

/// <summary>Who does something with dead letters, subscriptions or jobs, and why.</summary>
/// <param name="Actor">An id, up to 200 characters.</param>
/// <param name="Reason">For the record, up to 1,000 characters; may be empty only where the method says so.</param>
public sealed record OperatorAction(string Actor, string Reason);
