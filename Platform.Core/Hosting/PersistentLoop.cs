namespace Platform.Hosting;

/// <summary>Work of a background service that goes on whatever fails.</summary>
internal static class PersistentLoop
{
    /// <summary>Does the work again and again until told to stop. After a failure it says so, rests, and goes on.</summary>
    /// <param name="work">Once around; may also last until something breaks.</param>
    /// <param name="failed">Told of each failure, before the rest; not of one that came with the end.</param>
    /// <param name="pause">The rest after a failure.</param>
    /// <param name="time">The clock of the rest.</param>
    /// <param name="stop">Ends it, without an exception.</param>
    public static async Task RunAsync(Func<CancellationToken, Task> work, Action<Exception> failed, TimeSpan pause, TimeProvider time, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await work(stop);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                if (!stop.IsCancellationRequested)
                {
                    failed(exception);
                    await Task.Delay(pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
    }
}
