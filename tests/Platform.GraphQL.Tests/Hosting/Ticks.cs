namespace Platform.GraphQL.Tests.Hosting;

/// <summary>A source stream that a test drives.</summary>
internal sealed class Ticks : IObservable<object?>
{
    private readonly Lock _gate = new();
    private readonly List<IObserver<object?>> _observers = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _observers.Count;
            }
        }
    }

    public IDisposable Subscribe(IObserver<object?> observer)
    {
        lock (_gate)
        {
            _observers.Add(observer);
        }

        return new Leaving(this, observer);
    }

    public void Tell(object? value) => Each(observer => observer.OnNext(value));

    public void End() => Each(observer => observer.OnCompleted());

    public void Fail(Exception error) => Each(observer => observer.OnError(error));

    private void Each(Action<IObserver<object?>> act)
    {
        IObserver<object?>[] observers;
        lock (_gate)
        {
            observers = [.. _observers];
        }

        foreach (var observer in observers)
        {
            act(observer);
        }
    }

    private sealed class Leaving(Ticks ticks, IObserver<object?> observer) : IDisposable
    {
        public void Dispose()
        {
            lock (ticks._gate)
            {
                ticks._observers.Remove(observer);
            }
        }
    }
}
