using Platform.Testing;

namespace Platform.Messaging.Tests.Chaos;

/// <summary>A process of Platform.Messaging.Victim.</summary>
internal sealed class Victim : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    private readonly TestProcess _process;

    private Victim(TestProcess process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public static Task<Victim> StartAsync(params string[] arguments) => StartAsync(new Dictionary<string, string>(), arguments);

    public static async Task<Victim> StartAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "victim", "Platform.Messaging.Victim.dll");
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = await TestProcess.StartAsync(
            program,
            arguments,
            environment.Select(variable => KeyValuePair.Create(variable.Key, (string?)variable.Value)),
            line =>
            {
                if (line == "ready")
                {
                    ready.TrySetResult();
                }
            });
        var victim = new Victim(process);
        try
        {
            return await Task.WhenAny(ready.Task, process.Exited).WaitAsync(StartLimit) == ready.Task
                ? victim
                : throw new InvalidOperationException($"{program} did not start.");
        }
        catch
        {
            await victim.DisposeAsync();
            throw;
        }
    }

    /// <summary>kill -9.</summary>
    public Task KillAsync() => _process.KillAsync();

    public Task ExitedAsync(CancellationToken cancellationToken) => _process.Exited.WaitAsync(cancellationToken);

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
