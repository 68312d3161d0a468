using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Platform.ServiceDefaults.Health;

/// <summary>What a check said.</summary>
/// <param name="Name">The check.</param>
/// <param name="Status">Healthy, degraded or not.</param>
/// <param name="Required">Whether the host can do its work without it.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Description">What it said about it, for development.</param>
/// <param name="Error">What it threw.</param>
/// <param name="Note">What everybody may read of it: the check's own <c>note</c> among its data.</param>
internal sealed record CheckOutcome(
    string Name, HealthStatus Status, bool Required, TimeSpan Duration, string? Description = null, Exception? Error = null,
    string? Note = null);
