using System.Collections.Concurrent;

namespace Platform.Secrets.Tests.Engine;

/// <summary>A rotator of which a test says what each step does, and which writes down what was asked of it.</summary>
internal sealed class ScriptedRotator : ISecretRotator
{
    public const string Name = "scripted";

    private int _made;

    public ConcurrentQueue<string> Calls { get; } = [];

    public Func<string, RotationContext, Task> OnStep { get; set; } = (_, _) => Task.CompletedTask;

    public List<string> Orphans { get; } = [];

    public DateTimeOffset? NeededUntil { get; set; }

    public string Kind => Name;

    public Task<IReadOnlyList<string>> PlanAsync(RotationContext context, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>(["do it"]);

    public async Task<NewSecret> CreateAsync(RotationContext context, CancellationToken cancellationToken)
    {
        await CallAsync("create", context);
        return new NewSecret($"very-secret-value-{Interlocked.Increment(ref _made)}", "a reference");
    }

    public Task SetAsync(RotationContext context, SecretVersion pending, CancellationToken cancellationToken) => CallAsync("set", context);

    public Task TestAsync(RotationContext context, SecretVersion pending, CancellationToken cancellationToken) => CallAsync("test", context);

    public Task FinishAsync(RotationContext context, SecretVersion pending, CancellationToken cancellationToken) => CallAsync("finish", context);

    public Task<DateTimeOffset?> NeededUntilAsync(RotationContext context, CancellationToken cancellationToken) => Task.FromResult(NeededUntil);

    public Task RetireAsync(RotationContext context, SecretVersion? previous, CancellationToken cancellationToken) => CallAsync($"retire {previous?.Value}".TrimEnd(), context);

    public Task DiscardAsync(RotationContext context, SecretVersion? pending, CancellationToken cancellationToken) => CallAsync($"discard {pending?.Value}".TrimEnd(), context);

    public Task RestoreAsync(RotationContext context, SecretVersion previous, CancellationToken cancellationToken) => CallAsync($"restore {previous.Value}", context);

    public Task<IReadOnlyList<string>> FindOrphansAsync(RotationContext context, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([.. Orphans]);

    public Task RemoveOrphanAsync(RotationContext context, string reference, CancellationToken cancellationToken)
    {
        Orphans.Remove(reference);
        return CallAsync($"remove {reference}", context);
    }

    private async Task CallAsync(string call, RotationContext context)
    {
        Calls.Enqueue(call);
        await OnStep(call.Split(' ')[0], context);
    }
}
