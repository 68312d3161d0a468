using System.Collections.Concurrent;
using Platform.Embedded.Output;

namespace Platform.Embedded.Engine;

/// <summary>Keeps the processes of one resource running: starts them, waits until they are ready, starts again what crashes.</summary>
/// <param name="name">The resource.</param>
/// <param name="launcher">Starts its processes.</param>
/// <param name="isJob">Whether it is meant to end.</param>
/// <param name="output">Where to say what happens.</param>
/// <param name="time">The clock.</param>
internal sealed class Supervisor(string name, ILauncher launcher, bool isJob, ConsoleOutput output, TimeProvider time) : IDisposable
{
    /// <summary>How often a process may end before it was ever ready until the resource counts as broken.</summary>
    private const int MaxFailedStarts = 5;

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<int> _readyReplicas = [];
    private readonly ConcurrentDictionary<int, string> _descriptions = new();
    private Task _running = Task.CompletedTask;
    private TimeSpan _stopLimit;

    /// <summary>Ends once all replicas are ready. It fails when the resource cannot be brought up.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Ends with the exit code of a job.</summary>
    public Task<int> Ended => _ended.Task;

    /// <summary>Whether the resource is meant to end.</summary>
    public bool IsJob => isJob;

    public ResourceState State { get; private set; } = ResourceState.Waiting;

    /// <summary>For example "process 4711".</summary>
    public string Description => string.Join(", ", _descriptions.OrderBy(pair => pair.Key).Select(pair => pair.Value));

    public void Start() => _running = Task.WhenAll(Enumerable.Range(0, launcher.Replicas).Select(KeepAsync));

    /// <summary>Stops the processes, by force after the limit.</summary>
    public async Task StopAsync(TimeSpan limit)
    {
        _stopLimit = limit;
        await _stop.CancelAsync();
        await _running;
        State = State is ResourceState.Finished or ResourceState.Failed ? State : ResourceState.Stopped;
    }

    public void Dispose() => _stop.Dispose();

    private async Task KeepAsync(int replica)
    {
        var backoff = new RestartBackoff();
        for (var failedStarts = 0; !_stop.IsCancellationRequested;)
        {
            State = ResourceState.Starting;
            try
            {
                var (exitCode, readyFor) = await RunOnceAsync(replica);
                if (_stop.IsCancellationRequested)
                {
                    return;
                }
                if (isJob)
                {
                    State = exitCode == 0 ? ResourceState.Finished : ResourceState.Failed;
                    _ended.TrySetResult(exitCode);
                    return;
                }
                failedStarts = readyFor is null ? failedStarts + 1 : 0;
                if (failedStarts == MaxFailedStarts && !Ready.IsCompleted)
                {
                    throw new EmbeddedException($"{name} ended {MaxFailedStarts} times before it was ready, the last time with exit code {exitCode}.");
                }
                State = ResourceState.Restarting;
                var delay = backoff.Next(readyFor ?? TimeSpan.Zero);
                output.Say($"{Label(replica)} ended with exit code {exitCode}; starting it again in {delay.TotalSeconds:0.#} s");
                await Task.Delay(delay, time, _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (!Ready.IsCompleted)
            {
                Fail(exception as EmbeddedException ?? new EmbeddedException($"{name} could not be started: {exception.Message}", exception));
                return;
            }
            catch (Exception exception) when (!_stop.IsCancellationRequested)
            {
                output.Say($"{Label(replica)} could not be started again: {exception.Message}");
                await Task.WhenAny(Task.Delay(RestartBackoff.Most, time, _stop.Token));
            }
        }
    }

    /// <summary>Starts a process and stays until it ends, or is stopped.</summary>
    private async Task<(int ExitCode, TimeSpan? ReadyFor)> RunOnceAsync(int replica)
    {
        await using var instance = await launcher.LaunchAsync(replica, _stop.Token);
        _descriptions[replica] = instance.Description;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var becomesReady = isJob ? Task.Delay(Timeout.InfiniteTimeSpan, ended.Token) : instance.UntilReadyAsync(ended.Token);
        var stopped = Task.Delay(Timeout.InfiniteTimeSpan, ended.Token);
        try
        {
            long? readySince = null;
            if (await Task.WhenAny(instance.Exited, becomesReady, stopped) == becomesReady && !_stop.IsCancellationRequested)
            {
                await becomesReady;
                readySince = time.GetTimestamp();
                MarkReady(replica);
            }
            await Task.WhenAny(instance.Exited, stopped);
            if (_stop.IsCancellationRequested)
            {
                await instance.StopAsync(_stopLimit);
            }
            return (await instance.Exited, readySince is { } since ? time.GetElapsedTime(since) : null);
        }
        finally
        {
            await ended.CancelAsync();
        }
    }

    private void Fail(EmbeddedException exception)
    {
        State = ResourceState.Failed;
        _ready.TrySetException(exception);
        _ended.TrySetException(exception);
    }

    private void MarkReady(int replica)
    {
        lock (_readyReplicas)
        {
            _readyReplicas.Add(replica);
            State = ResourceState.Running;
            if (_readyReplicas.Count == launcher.Replicas)
            {
                _ready.TrySetResult();
            }
        }
    }

    private string Label(int replica) => launcher.Replicas == 1 ? name : $"{name} ({replica + 1} of {launcher.Replicas})";
}
