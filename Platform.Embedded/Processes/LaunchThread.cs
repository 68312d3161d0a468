using System.Collections.Concurrent;
using System.Diagnostics;

namespace Platform.Embedded.Processes;

/// <summary>
/// The one thread that starts children. Linux sends the parent-death signal when the <em>thread</em> that forked ends
/// (prctl(2), PR_SET_PDEATHSIG), and a thread of the pool ends whenever the pool shrinks.
/// </summary>
internal static class LaunchThread
{
    private static readonly BlockingCollection<Action> Work = Begin();

    public static Task<Process> StartAsync(ProcessStartInfo start)
    {
        var done = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                done.SetResult(Process.Start(start)!);
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        });
        return done.Task;
    }

    private static BlockingCollection<Action> Begin()
    {
        var work = new BlockingCollection<Action>();
        var thread = new Thread(() =>
        {
            foreach (var action in work.GetConsumingEnumerable())
            {
                action();
            }
        })
        {
            IsBackground = true,
            Name = "process launcher",
        };
        thread.Start();
        return work;
    }
}
