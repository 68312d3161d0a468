using GraphQL.Types;
using Platform.Conditional;
using Platform.Idempotency;

namespace Platform.GraphQL.Schema.Mutations;

/// <summary>What a mutation is given.</summary>
/// <typeparam name="TCommand">What it is to do.</typeparam>
/// <param name="Command">What it is to do, as the input says.</param>
/// <param name="IdempotencyKey">Makes it safe to repeat; null where the caller gave none.</param>
/// <param name="Condition">Which version is meant; null for any.</param>
internal sealed record MutationInput<TCommand>(TCommand Command, string? IdempotencyKey, WriteCondition? Condition);

/// <summary>The input of a mutation: its own fields, and those that all have.</summary>
/// <typeparam name="TCommand">What the fields come to.</typeparam>
internal abstract class MutationInputType<TCommand> : InputObjectGraphType<MutationInput<TCommand>>
{
    private const string IdempotencyKeyName = "idempotencyKey";
    private const string IfVersionName = "ifVersion";

    private readonly bool _conditional;

    /// <summary>Adds the fields that all mutations have.</summary>
    /// <param name="name">The type's name.</param>
    /// <param name="conditional">Whether the mutation changes something that has a version.</param>
    protected MutationInputType(string name, bool conditional)
    {
        Name = name;
        _conditional = conditional;
        Field<StringGraphType>(IdempotencyKeyName).Description(
            $"1 to {IdempotencyKey.MaxLength} visible ASCII characters. The mutation happens once for a key, however often it is sent; the header Idempotency-Key does the same.");
        if (conditional)
        {
            Field<StringGraphType>(IfVersionName).Description("Change it only if this is its 'version' still. Any version by default.");
        }
    }

    /// <inheritdoc/>
    public sealed override object ParseDictionary(IDictionary<string, object?> value)
    {
        var condition = _conditional && value.TryGetValue(IfVersionName, out var version) && version is string shown ? NodeVersion.Condition(shown) : null;
        return new MutationInput<TCommand>(Read(value), value.TryGetValue(IdempotencyKeyName, out var key) ? (string?)key : null, condition);
    }

    /// <summary>Reads the mutation's own fields.</summary>
    protected abstract TCommand Read(IDictionary<string, object?> fields);

    /// <summary>Reads a field that may be absent, which is not the same as null.</summary>
    protected static Given<T>? Given<T>(IDictionary<string, object?> fields, string name) =>
        fields.TryGetValue(name, out var value) ? new Given<T>((T?)value) : null;
}

/// <summary>A field that was given, if only as null.</summary>
internal readonly record struct Given<T>(T? Value);
