using System.Text.Json.Serialization;

namespace Platform.Secrets;

/// <summary>A secret has a new version in use: <c>secrets.rotated.v1</c>. Holds no value.</summary>
public sealed record SecretRotated(string Name, Guid Version, string Trigger, DateTimeOffset At);

/// <summary>A secret is due for rotation soon: <c>secrets.expiring.v1</c>.</summary>
/// <param name="Name">The secret.</param>
/// <param name="Version">The version that is due.</param>
/// <param name="DueAt">When.</param>
/// <param name="Automatic">Whether the schedule will rotate it by itself.</param>
public sealed record SecretExpiring(string Name, Guid Version, DateTimeOffset DueAt, bool Automatic);

/// <summary>A rotation was given up: <c>secrets.rotation-failed.v1</c>. The version before is still in use.</summary>
public sealed record SecretRotationFailed(string Name, string Step, string Error, DateTimeOffset At);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SecretRotated))]
[JsonSerializable(typeof(SecretExpiring))]
[JsonSerializable(typeof(SecretRotationFailed))]
internal sealed partial class SecretsJson : JsonSerializerContext;
