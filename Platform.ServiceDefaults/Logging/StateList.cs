namespace Platform.ServiceDefaults.Logging;

/// <summary>
/// Reads the named values of a log call's state without boxing it: the states that the compiler and <c>LoggerMessage</c> make are structs, and to
/// treat one as an interface costs an object a line.
/// </summary>
internal abstract class StateList<TState>
{
    /// <summary>The reader for the type.</summary>
    public static StateList<TState> Instance { get; } = Make();

    /// <summary>Whether the state's text is its template with the values in it, so that there is no need to ask it for the text.</summary>
    public abstract bool IsTemplated { get; }

    public abstract int Count(TState state);

    public abstract KeyValuePair<string, object?> At(TState state, int index);

    private static StateList<TState> Make() => typeof(TState).IsValueType && typeof(IReadOnlyList<KeyValuePair<string, object?>>).IsAssignableFrom(typeof(TState))
        ? (StateList<TState>)Activator.CreateInstance(typeof(StructList<>).MakeGenericType(typeof(TState), typeof(TState)))!
        : new ObjectList();

    private sealed class ObjectList : StateList<TState>
    {
        // What the source generator of Microsoft.Extensions.Telemetry.Abstractions makes; the object is the thread's, and used again.
        public override bool IsTemplated { get; } = typeof(TState).FullName == "Microsoft.Extensions.Logging.LoggerMessageState";

        public override int Count(TState state) => state is IReadOnlyList<KeyValuePair<string, object?>> list ? list.Count : 0;

        public override KeyValuePair<string, object?> At(TState state, int index) => ((IReadOnlyList<KeyValuePair<string, object?>>)state!)[index];
    }

    private sealed class StructList<T> : StateList<T>
        where T : struct, IReadOnlyList<KeyValuePair<string, object?>>
    {
        // Those of Microsoft.Extensions.Logging, of LoggerMessage.Define, and what its source generator writes into the program.
        public override bool IsTemplated { get; } = typeof(T).FullName is { } name
            && (name == "Microsoft.Extensions.Logging.FormattedLogValues"
                || name.StartsWith("Microsoft.Extensions.Logging.LoggerMessage+LogValues", StringComparison.Ordinal)
                || (typeof(T).IsNestedPrivate && typeof(T).Name.StartsWith("__", StringComparison.Ordinal) && typeof(T).Name.EndsWith("Struct", StringComparison.Ordinal)));

        public override int Count(T state) => state.Count;

        public override KeyValuePair<string, object?> At(T state, int index) => state[index];
    }
}
