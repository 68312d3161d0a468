using System.Runtime.InteropServices;
using GraphQL.Types;
using GraphQLParser;
using GraphQLParser.AST;

namespace Platform.GraphQL.Limits;

/// <summary>Numbers the fields of the response, and counts how often and how differently each is selected.</summary>
internal sealed class ResponsePaths(ROM source)
{
    private readonly Dictionary<(int Parent, ROM Name), Seen> _fields = [];
    private int _last;

    /// <summary>Begins a definition, whose fields have nothing to do with those of others.</summary>
    public int Begin() => ++_last;

    /// <summary>Selects a field once more.</summary>
    /// <param name="parent">What it stands in.</param>
    /// <param name="type">The type that it is selected on.</param>
    /// <param name="field">The selection.</param>
    /// <returns>
    /// The field's number; how often it was selected, this time included; whether this time asks for something else than the first
    /// time did, arguments compared as they are written; and whether it is another field than the first one, of another type perhaps.
    /// </returns>
    public (int Number, int Count, bool Differs, bool IsAnother) Enter(int parent, IGraphType? type, GraphQLField field)
    {
        ref var seen = ref CollectionsMarshal.GetValueRefOrAddDefault(_fields, (parent, (field.Alias?.Name ?? field.Name).Value), out var known);
        if (!known)
        {
            seen = new(++_last, 1, field, type);
            return (seen.Number, 1, false, true);
        }

        seen = seen with { Count = seen.Count + 1 };
        var differs = seen.First.Name.Value != field.Name.Value || ArgumentsOf(seen.First) != ArgumentsOf(field);
        return (seen.Number, seen.Count, differs, differs || seen.Type != type);
    }

    private ROM ArgumentsOf(GraphQLField field) => field.Arguments is { Location: var place } ? source[place.Start..place.End] : default;

    private readonly record struct Seen(int Number, int Count, GraphQLField First, IGraphType? Type);
}
