using System.Collections;
using GraphQL.DataLoader;
using GraphQL.Execution;
using GraphQL.Types;
using Platform.GraphQL.DataLoaders;
using ExecutionContext = GraphQL.Execution.ExecutionContext;

namespace Platform.GraphQL.Execution;

/// <summary>
/// Resolves the fields of one operation, level by level: what can be resolved at once is; then what runs meanwhile is awaited; and when nothing else is left, what loaders
/// promised is loaded, all of it together.
/// </summary>
/// <param name="context">The operation.</param>
/// <param name="collection">Collects the fields of what is found.</param>
/// <param name="fail">Makes an error of an exception.</param>
internal sealed class FieldExecution(ExecutionContext context, FieldCollection collection, Func<ExecutionContext, ExecutionNode, Exception, Task> fail)
{
    private readonly CancellationToken _cancellationToken = context.CancellationToken;
    private readonly Queue<ResponseObject> _objects = [];
    private readonly List<(Slot Slot, Exception Exception)> _failures = [];
    private readonly OperationServices _services = new(context.RequestServices);
    private List<(Slot Slot, IDataLoaderResult Promise)> _promises = [];
    private List<(Slot Slot, Task<object?> Result)> _running = [];
    private FieldContext? _spare;

    /// <summary>Resolves everything below the root.</summary>
    /// <param name="root">The root.</param>
    /// <param name="inTurn">The fields of the root one after another, each with all that is below it (section 6.2.2).</param>
    public async Task RunAsync(ResponseObject root, bool inTurn)
    {
        try
        {
            if (!inTurn)
            {
                _objects.Enqueue(root);
                await FinishAsync();
                return;
            }

            for (var i = 0; i < root.Plan.Fields.Length; i++)
            {
                Resolve(root, i);
                await FinishAsync();
            }
        }
        finally
        {
            // Nothing goes on in the services of an operation that is over.
            await RunningAsync();
        }
    }

    private async Task FinishAsync()
    {
        while (true)
        {
            while (_objects.TryDequeue(out var next))
            {
                _cancellationToken.ThrowIfCancellationRequested();
                for (var i = 0; i < next.Plan.Fields.Length; i++)
                {
                    Resolve(next, i);
                }
            }

            foreach (var (slot, exception) in _failures)
            {
                await fail(context, slot.ToExecutionNode(), exception);
            }

            _failures.Clear();
            if (_running.Count > 0)
            {
                await RunningAsync();
                CompleteRunning();
            }
            else if (_promises.Count > 0)
            {
                await LoadAsync();
            }
            else if (_objects.Count == 0)
            {
                return;
            }
        }
    }

    private void Resolve(ResponseObject parent, int at)
    {
        var field = parent.Plan.Fields[at];
        object? result = null;
        try
        {
            if (field.Direct?.TryResolve(_services, parent.Source, out result) is not true)
            {
                var asked = (_spare ?? new FieldContext(context, parent, field, collection)).Reset(parent, field);
                _spare = null;
                var resolving = field.Resolver.ResolveAsync(asked);
                if (!resolving.IsCompletedSuccessfully)
                {
                    _running.Add((new Slot(parent, field, field.Result, at), resolving.AsTask()));
                    return;
                }

                result = resolving.Result;
                if (result is string or not (IDataLoaderResult or IEnumerable))
                {
                    _spare = asked;
                }
            }

            // What most fields are.
            if (field.Result.Scalar is { } scalar && result is not IDataLoaderResult && scalar.Serialize(result) is { } value)
            {
                parent.Values[at] = value;
                return;
            }
        }
        catch (Exception exception) when (!IsGivenUp(exception))
        {
            _failures.Add((new Slot(parent, field, field.Result, at), exception));
            return;
        }

        Complete(new Slot(parent, field, field.Result, at), result);
    }

    // Section 6.4.3, CompleteValue.
    private void Complete(in Slot slot, object? result)
    {
        if (result is IDataLoaderResult promise)
        {
            _promises.Add((slot, promise));
            return;
        }

        try
        {
            slot.Parent.Values[slot.At] = slot.Result.Scalar is { } scalar ? Required(slot, scalar.Serialize(result))
                : Required(slot, result) is not { } value ? null
                : slot.Result.Item is { } item ? Items(slot, item, value)
                : Object(slot, value);
        }
        catch (Exception exception) when (!IsGivenUp(exception))
        {
            _failures.Add((slot, exception));
        }
    }

    private static object? Required(in Slot slot, object? value) => value is null && slot.Result.IsRequired
        ? throw new InvalidOperationException($"Cannot return null for a non-null type. Field: {slot.Field.Name}, Type: {slot.Result.Declared}.")
        : value;

    private ResponseList Items(in Slot slot, ResultPlan item, object value)
    {
        var items = value as IList
            ?? (value is IEnumerable several ? several.Cast<object?>().ToList() : throw new InvalidOperationException($"The field {slot.Field.Name} is a list, and gave a {value.GetType()}."));
        var list = new ResponseList(slot.Parent, slot.Field, slot.IndexInList, slot.Result, items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            Complete(new Slot(list, slot.Field, item, i), items[i]);
        }

        return list;
    }

    private ResponseObject Object(in Slot slot, object value)
    {
        var type = slot.Result.Object ?? Actual((IAbstractGraphType)slot.Result.Type, value);
        if (type.IsTypeOf is { } isOf && !type.SkipTypeCheck && !isOf(value))
        {
            throw new InvalidOperationException($"The field {slot.Field.Name} gave a {value.GetType()}, which is no {type.Name}.");
        }

        var made = new ResponseObject(slot.Parent, slot.Field, slot.IndexInList, value, slot.Field.Of(type, collection));
        _objects.Enqueue(made);
        return made;
    }

    private IObjectGraphType Actual(IAbstractGraphType several, object value) =>
        several.GetObjectType(value, context.Schema) is { } type && several.IsPossibleType(type)
            ? type
            : throw new InvalidOperationException($"A {value.GetType()} is none of the types of {several.Name}.");

    private void CompleteRunning()
    {
        var over = _running;
        _running = [];
        foreach (var (slot, result) in over)
        {
            Take(slot, result, static result => ((Task<object?>)result).GetAwaiter().GetResult());
        }
    }

    private async Task LoadAsync()
    {
        var promises = _promises;
        _promises = [];
        var batches = new List<Task>();
        foreach (var (slot, promise) in promises)
        {
            if (promise is not IBatchPromise ofBatch)
            {
                _running.Add((slot, LoadAsync(promise)));
            }
            else if (ofBatch.ReadAsync(_cancellationToken) is var batch && !batches.Contains(batch))
            {
                batches.Add(batch);
            }
        }

        // All of them are under way already.
        foreach (var batch in batches)
        {
            await batch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await RunningAsync();
        foreach (var (slot, promise) in promises)
        {
            if (promise is IBatchPromise)
            {
                Take(slot, promise, static promise => ((IBatchPromise)promise).Result);
            }
        }

        CompleteRunning();
    }

    private async Task<object?> LoadAsync(IDataLoaderResult promise) => await promise.GetResultAsync(_cancellationToken);

    private void Take(in Slot slot, object from, Func<object, object?> take)
    {
        object? result;
        try
        {
            result = take(from);
        }
        catch (Exception exception) when (!IsGivenUp(exception))
        {
            _failures.Add((slot, exception));
            return;
        }

        Complete(slot, result);
    }

    private async ValueTask RunningAsync()
    {
        if (_running.Count > 0)
        {
            await Task.WhenAll(_running.Select(Task (field) => field.Result)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private bool IsGivenUp(Exception exception) => exception is OperationCanceledException && _cancellationToken.IsCancellationRequested;

    /// <summary>A place for a value.</summary>
    private readonly record struct Slot(ResponseNode Parent, FieldPlan Field, ResultPlan Result, int At)
    {
        public int IndexInList => Parent is ResponseList ? At : -1;

        public ExecutionNode ToExecutionNode() => ResponseNode.ToExecutionNode(Parent, Field, Result, IndexInList);
    }
}
