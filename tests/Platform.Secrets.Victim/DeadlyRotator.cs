using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Platform.Secrets.Victim;

/// <summary>
/// A rotator around another that ends the process, as kill -9 does, before or after a step changes the outside world, once all secrets are there. Tokens of the scene
/// are thrown away after half a second, so a signing key need not wait an hour for them.
/// </summary>
internal sealed class DeadlyRotator(ISecretRotator rotator, KillPoint point) : ISecretRotator
{
    public const string SigningKey = "signing-key";

    // With room for a request that a busy machine holds up.
    private static readonly TimeSpan TokensLive = TimeSpan.FromSeconds(4);

    public string Kind => rotator.Kind;

    public bool CanCreate(SecretDefinition definition) => rotator.CanCreate(definition);

    public Task<IReadOnlyList<string>> PlanAsync(RotationContext context, CancellationToken cancellationToken) => rotator.PlanAsync(context, cancellationToken);

    public async Task<NewSecret> CreateAsync(RotationContext context, CancellationToken cancellationToken)
    {
        await point.ReachAsync("create.before");
        var made = await rotator.CreateAsync(context, cancellationToken);
        await point.ReachAsync("create.after");
        return made;
    }

    public Task SetAsync(RotationContext context, SecretVersion pending, CancellationToken cancellationToken) =>
        AroundAsync("set", () => rotator.SetAsync(context, pending, cancellationToken));

    public Task TestAsync(RotationContext context, SecretVersion pending, CancellationToken cancellationToken) =>
        AroundAsync("test", () => rotator.TestAsync(context, pending, cancellationToken));

    public Task FinishAsync(RotationContext context, SecretVersion pending, CancellationToken cancellationToken) =>
        AroundAsync("finish", () => rotator.FinishAsync(context, pending, cancellationToken));

    public async Task<DateTimeOffset?> NeededUntilAsync(RotationContext context, CancellationToken cancellationToken)
    {
        var needed = await rotator.NeededUntilAsync(context, cancellationToken);
        return Kind == SigningKey && point.PromotedAt is { } promoted ? await promoted(context.Definition.Name) + TokensLive : needed;
    }

    public Task RetireAsync(RotationContext context, SecretVersion? previous, CancellationToken cancellationToken) =>
        AroundAsync("retire", () => rotator.RetireAsync(context, previous, cancellationToken));

    public Task DiscardAsync(RotationContext context, SecretVersion? pending, CancellationToken cancellationToken) => rotator.DiscardAsync(context, pending, cancellationToken);

    public Task RestoreAsync(RotationContext context, SecretVersion previous, CancellationToken cancellationToken) => rotator.RestoreAsync(context, previous, cancellationToken);

    public Task<IReadOnlyList<string>> FindOrphansAsync(RotationContext context, CancellationToken cancellationToken) => rotator.FindOrphansAsync(context, cancellationToken);

    public Task RemoveOrphanAsync(RotationContext context, string reference, CancellationToken cancellationToken) => rotator.RemoveOrphanAsync(context, reference, cancellationToken);

    private async Task AroundAsync(string step, Func<Task> work)
    {
        await point.ReachAsync($"{step}.before");
        await work();
        await point.ReachAsync($"{step}.after");
    }
}

/// <summary>Where the process dies.</summary>
internal sealed class KillPoint(string name, int secrets)
{
    public static readonly string[] Names =
        ["create.before", "create.after", "set.before", "set.after", "test.before", "test.after", "finish.before", "finish.after", "retire.before", "retire.after"];

    private int _reached;

    /// <summary>Tells when the present version came into use.</summary>
    public Func<string, Task<DateTimeOffset?>>? PromotedAt { get; set; }

    public async Task ReachAsync(string here)
    {
        if (here != name)
        {
            return;
        }

        if (Interlocked.Increment(ref _reached) >= secrets)
        {
            using var self = Process.GetCurrentProcess();
            self.Kill();
        }

        // The others are still on their way.
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        using var late = Process.GetCurrentProcess();
        late.Kill();
    }

    /// <summary>Puts itself around every rotator.</summary>
    public void Surround(IServiceCollection services)
    {
        foreach (var service in services.Where(service => service.ServiceType == typeof(ISecretRotator)).ToList())
        {
            services.Remove(service);
            services.AddSingleton<ISecretRotator>(provider => new DeadlyRotator(
                (ISecretRotator)(service.ImplementationFactory?.Invoke(provider)
                    ?? ActivatorUtilities.CreateInstance(provider, service.ImplementationType!)),
                this));
        }
    }
}
