namespace Platform.Testing;

/// <summary>Waits for what other threads or processes bring about.</summary>
public static class Eventually
{
    /// <summary>How often a condition is looked at.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    // A look that was begun in time may end late on a busy machine; one that never ends must not hold the test up.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    /// <summary>Returns as soon as the condition is true.</summary>
    /// <param name="condition">Looked at every 20 ms. An exception is taken for false, and shown when the time is up.</param>
    /// <param name="limit">Default: 10 seconds.</param>
    /// <param name="what">Said in the message when the time is up.</param>
    /// <exception cref="TimeoutException">The condition is still false after <paramref name="limit"/>.</exception>
    public static async Task BecomesTrueAsync(
        Func<Task<bool>> condition,
        TimeSpan? limit = null,
        [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        var most = limit ?? TimeSpan.FromSeconds(10);
        while (true)
        {
            Exception? failure = null;
            try
            {
                if (await condition().WaitAsync(most - time.GetElapsedTime(start) + Grace, time))
                {
                    return;
                }
            }
            catch (Exception exception)
            {
                failure = exception;
            }
            if (time.GetElapsedTime(start) >= most)
            {
                throw new TimeoutException($"Still not true after {most.TotalSeconds:0.#} s: {what}", failure);
            }
            await Task.Delay(Interval);
        }
    }

    /// <inheritdoc cref="BecomesTrueAsync(Func{Task{bool}}, TimeSpan?, string)"/>
    public static Task BecomesTrueAsync(
        Func<bool> condition,
        TimeSpan? limit = null,
        [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(condition))] string what = "") =>
        BecomesTrueAsync(() => Task.FromResult(condition()), limit, what);
}
