using System.Security.Cryptography;

namespace Platform.Secrets;

/// <summary>
/// Random bytes that only the platform's own hosts know: the redaction hash key, and keys of your own. Setting <c>Bytes</c> (16 to 256, 32 by default).
/// </summary>
internal sealed class RandomRotator : ISecretRotator
{
    private const int DefaultBytes = 32;

    public string Kind => "random";

    public Task<IReadOnlyList<string>> PlanAsync(RotationContext context, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([$"make {Length(context.Definition)} random bytes", "have all hosts take them up"]);

    public Task<NewSecret> CreateAsync(RotationContext context, CancellationToken cancellationToken) =>
        Task.FromResult(new NewSecret(Convert.ToBase64String(RandomNumberGenerator.GetBytes(Length(context.Definition)))));

    public Task SetAsync(RotationContext context, SecretVersion pending, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task TestAsync(RotationContext context, SecretVersion pending, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task RetireAsync(RotationContext context, SecretVersion? previous, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task DiscardAsync(RotationContext context, SecretVersion? pending, CancellationToken cancellationToken) => Task.CompletedTask;

    private static int Length(SecretDefinition definition) =>
        definition.Optional("Bytes") is not { } text ? DefaultBytes
        : int.TryParse(text, out var bytes) && bytes is >= 16 and <= 256 ? bytes
        : throw new InvalidOperationException($"The secret {definition.Name} has 16 to 256 bytes.");
}
