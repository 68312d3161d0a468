namespace Platform.Resilience;

/// <summary>
/// Stops asking a dependency that does not answer, and tries from time to time whether it does again. It decides by what this process
/// sees; operators can overrule it. Thread safe.
/// </summary>
/// <remarks>
/// Polly's own breaker knows neither failures in a row nor a change of its options while it runs; inside a Polly pipeline this one stands in
/// as a strategy (<c>AddCircuitBreaker(breaker)</c> of the service defaults).
/// </remarks>
public sealed class CircuitBreaker
{
    private static readonly TimeSpan Warned = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BulkheadRetry = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly FailureWindow _window = new();
    private readonly Func<CircuitBreakerOptions> _options;
    private readonly TimeProvider _time;
    private readonly long _origin;
    private CircuitState _state;
    private CircuitOrder _order;
    private int _failures;
    private int _breaks;
    private int _underWay;
    private int _generation;
    private bool _trying;
    private DateTimeOffset? _opened;
    private TimeSpan _until;
    private TimeSpan _warnedUntil = TimeSpan.MinValue;

    internal CircuitBreaker(string name, Func<CircuitBreakerOptions> options, TimeProvider time)
    {
        Name = name;
        _options = options;
        _time = time;
        _origin = time.GetTimestamp();
    }

    /// <summary>The breaker's name.</summary>
    public string Name { get; }

    /// <summary>The options that hold now.</summary>
    public CircuitBreakerOptions Options => _options();

    /// <summary>How it stands.</summary>
    public CircuitSnapshot Snapshot
    {
        get
        {
            lock (_gate)
            {
                return new(Name, Effective, _order, _failures, Effective is CircuitState.Closed ? null : _opened, RetryAfter);
            }
        }
    }

    /// <summary>Told of each change of the state, under no lock.</summary>
    internal event Action<CircuitBreaker, CircuitState, CircuitState, Exception?>? Changed;

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    private CircuitState Effective => _order switch
    {
        CircuitOrder.Open => CircuitState.Open,
        CircuitOrder.Close => CircuitState.Closed,
        _ => _state,
    };

    private TimeSpan RetryAfter => Effective is CircuitState.Closed ? TimeSpan.Zero
        : _order is CircuitOrder.Open ? Options.MaxBreakDuration
        : _trying ? Options.BreakDuration
        : TimeSpan.FromTicks(Math.Max((_until - Now).Ticks, TimeSpan.TicksPerMillisecond));

    /// <summary>Makes a call, if the breaker lets it.</summary>
    /// <typeparam name="T">What it gives.</typeparam>
    /// <param name="call">The call. Its token fires when the caller gives up and when the breaker's timeout is over.</param>
    /// <param name="cancellationToken">Gives up, which is no failure of what is called.</param>
    /// <exception cref="CircuitBreakerOpenException">It is open, or this call opened it.</exception>
    /// <exception cref="BulkheadFullException">Too many calls are under way.</exception>
    /// <exception cref="TimeoutException">The call took longer than the breaker's timeout, and did not open it.</exception>
    public Task<T> ExecuteAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken = default) =>
        ExecuteAsync(call, static _ => false, cancellationToken);

    /// <summary>Makes a call, if the breaker lets it, whose result may be a failure.</summary>
    /// <param name="call">The call.</param>
    /// <param name="isFailure">Whether a result is a failure.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <inheritdoc cref="ExecuteAsync{T}(Func{CancellationToken, Task{T}}, CancellationToken)"/>
    public async Task<T> ExecuteAsync<T>(
        Func<CancellationToken, Task<T>> call, Func<T, bool> isFailure, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(isFailure);
        var ticket = Enter();
        var options = Options;
        try
        {
            using var deadline = Deadline.Within(options.Timeout, _time);
            using var timeout = new CancellationTokenSource(deadline.Left, _time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
            try
            {
                // A call that ignores its token is left behind; it must not hold its caller up with it.
                var running = call(linked.Token);
                var result = await running.WaitAsync(linked.Token).ConfigureAwait(false);
                if (isFailure(result))
                {
                    Failed(ticket, null);
                }
                else
                {
                    Succeeded(ticket);
                }

                return result;
            }
            catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw Opened(ticket, new TimeoutException($"{Name} did not answer within {options.Timeout}."));
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                Abandoned(ticket);
                throw;
            }
            catch (Exception failure) when (Counts(failure))
            {
                var opened = Opened(ticket, failure);
                if (opened == failure)
                {
                    throw;
                }

                throw opened;
            }
            catch
            {
                Succeeded(ticket);
                throw;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    /// <summary>Makes a call that gives nothing.</summary>
    /// <inheritdoc cref="ExecuteAsync{T}(Func{CancellationToken, Task{T}}, CancellationToken)"/>
    public Task ExecuteAsync(Func<CancellationToken, Task> call, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        return ExecuteAsync(
            async token =>
            {
                await call(token).ConfigureAwait(false);
                return true;
            },
            cancellationToken);
    }

    /// <summary>Makes a call, and gives something else where it is not made or fails.</summary>
    /// <param name="call">The call.</param>
    /// <param name="fallback">What to give instead; gets what went wrong.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<T> ExecuteAsync<T>(
        Func<CancellationToken, Task<T>> call, Func<Exception, CancellationToken, Task<T>> fallback, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fallback);
        try
        {
            return await ExecuteAsync(call, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            return await fallback(failure, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Obeys an operator. Taking an order back closes the breaker and forgets what failed.</summary>
    public void Obey(CircuitOrder order)
    {
        CircuitState before, after;
        lock (_gate)
        {
            if (_order == order)
            {
                return;
            }

            before = Effective;
            _order = order;
            if (order is CircuitOrder.Open)
            {
                _opened = _time.GetUtcNow();
            }
            else
            {
                Close();
            }

            after = Effective;
        }

        Tell(before, after, null);
    }

    /// <summary>Closes it and forgets what failed; an order of an operator stays.</summary>
    public void Reset()
    {
        CircuitState before, after;
        lock (_gate)
        {
            before = Effective;
            Close();
            after = Effective;
        }

        Tell(before, after, null);
    }

    /// <summary>Hears that another replica's breaker is open: for half a minute half of the failures in a row are enough here.</summary>
    public void Warn()
    {
        lock (_gate)
        {
            _warnedUntil = Now + Warned;
        }
    }

    private int Enter()
    {
        CircuitBreakerOpenException? refused = null;
        var ticket = 0;
        CircuitState before, after;
        lock (_gate)
        {
            before = Effective;
            if (_order is CircuitOrder.Open || (_order is CircuitOrder.None && _state is not CircuitState.Closed && (_trying || Now < _until)))
            {
                refused = new CircuitBreakerOpenException(Name, RetryAfter);
            }
            else if (_underWay >= Options.MaxConcurrency)
            {
                Telemetry.Refused.Add(1, new(Telemetry.NameTag, Name), new(Telemetry.ReasonTag, "bulkhead"));
                throw new BulkheadFullException(Name, BulkheadRetry);
            }
            else
            {
                if (_order is CircuitOrder.None && _state is not CircuitState.Closed)
                {
                    (_state, _trying) = (CircuitState.HalfOpen, true);
                }

                ticket = _generation;
                Interlocked.Increment(ref _underWay);
            }

            after = Effective;
        }

        Tell(before, after, null);
        if (refused is not null)
        {
            Telemetry.Refused.Add(1, new(Telemetry.NameTag, Name), new(Telemetry.ReasonTag, "open"));
            throw refused;
        }

        return ticket;
    }

    private void Succeeded(int ticket)
    {
        CircuitState before, after;
        lock (_gate)
        {
            before = Effective;
            if (ticket == _generation)
            {
                _window.Add(Now, Options.Window, failed: false);
                _failures = 0;
                if (_state is not CircuitState.Closed)
                {
                    Close();
                }
            }

            after = Effective;
        }

        Telemetry.Calls.Add(1, new(Telemetry.NameTag, Name), new(Telemetry.OutcomeTag, "success"));
        Tell(before, after, null);
    }

    // What a call that began before the breaker opened says comes too late to count.
    private void Failed(int ticket, Exception? failure)
    {
        CircuitState before, after;
        lock (_gate)
        {
            before = Effective;
            if (ticket == _generation)
            {
                var options = Options;
                _window.Add(Now, options.Window, failed: true);
                _failures++;
                if (_state is not CircuitState.Closed || IsEnough(options))
                {
                    Open(options);
                }
            }

            after = Effective;
        }

        Telemetry.Calls.Add(1, new(Telemetry.NameTag, Name), new(Telemetry.OutcomeTag, failure is TimeoutException ? "timeout" : "failure"));
        Tell(before, after, failure);
    }

    private Exception Opened(int ticket, Exception failure)
    {
        Failed(ticket, failure);
        var snapshot = Snapshot;
        return snapshot.State is CircuitState.Open ? new CircuitBreakerOpenException(Name, snapshot.RetryAfter, failure) : failure;
    }

    // The caller gave up, which says nothing: the next may try.
    private void Abandoned(int ticket)
    {
        CircuitState before, after;
        lock (_gate)
        {
            before = Effective;
            if (ticket == _generation && _state is CircuitState.HalfOpen)
            {
                (_state, _trying, _until) = (CircuitState.Open, false, Now);
            }

            after = Effective;
        }

        Telemetry.Calls.Add(1, new(Telemetry.NameTag, Name), new(Telemetry.OutcomeTag, "cancelled"));
        Tell(before, after, null);
    }

    private bool IsEnough(CircuitBreakerOptions options)
    {
        if (options.ConsecutiveFailures > 0)
        {
            var enough = Now < _warnedUntil ? Math.Max(1, options.ConsecutiveFailures / 2) : options.ConsecutiveFailures;
            if (_failures >= enough)
            {
                return true;
            }
        }

        var (calls, failures) = _window.Sum(Now, options.Window);
        return options.FailureRatio > 0 && calls >= options.MinimumThroughput && failures >= options.FailureRatio * calls;
    }

    private void Open(CircuitBreakerOptions options)
    {
        if (_state is CircuitState.Closed)
        {
            _opened = _time.GetUtcNow();
        }

        var factor = Math.Pow(2, Math.Min(_breaks++, 30));
        var length = Math.Min(options.BreakDuration.TotalMilliseconds * factor, options.MaxBreakDuration.TotalMilliseconds);
        (_state, _trying, _until) = (CircuitState.Open, false, Now + TimeSpan.FromMilliseconds(length));
        _generation++;
    }

    private void Close()
    {
        (_state, _trying, _failures, _breaks, _until) = (CircuitState.Closed, false, 0, 0, TimeSpan.Zero);
        _window.Clear();
        _generation++;
    }

    private void Tell(CircuitState before, CircuitState after, Exception? failure)
    {
        if (before != after)
        {
            Changed?.Invoke(this, before, after, failure);
        }
    }

    // A refusal for what was asked is an answer: the dependency works.
    private static bool Counts(Exception failure) => failure switch
    {
        Errors.ErrorException error => error.Code.Status >= 500,
        HttpRequestException { StatusCode: { } status } =>
            (int)status >= 500 || status is System.Net.HttpStatusCode.RequestTimeout or System.Net.HttpStatusCode.TooManyRequests,
        ArgumentException => false,
        _ => true,
    };
}
