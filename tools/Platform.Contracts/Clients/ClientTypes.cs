using Platform.Contracts.Model;

namespace Platform.Contracts.Clients;

/// <summary>Which C# type stands for which schema.</summary>
internal sealed class ClientTypes(ContractDocument document)
{
    // Values that are enumerated in place get a type that is named after where they stand.
    private readonly Dictionary<ContractSchema, string> _inPlace = new(ReferenceEqualityComparer.Instance);

    // Those of members, which parameters take, too. Those of parameters are each parameter's own.
    private readonly HashSet<string> _ofMembers = new(StringComparer.Ordinal);

    /// <summary>The enumerations: their names and values.</summary>
    public SortedDictionary<string, IReadOnlyList<string>> Enumerations { get; } = new(StringComparer.Ordinal);

    /// <summary>The records: every named object that has members.</summary>
    public IEnumerable<KeyValuePair<string, ContractSchema>> Records =>
        document.Schemas.Where(schema => IsRecord(schema.Value)).OrderBy(schema => schema.Key, StringComparer.Ordinal);

    /// <summary>Says that all records are written: what follows are parameters.</summary>
    public void EndRecords() => _ofMembers.UnionWith(Enumerations.Keys);

    public static bool IsRecord(ContractSchema schema) => schema is { Name: not null, Properties.Count: > 0 };

    /// <summary>The type, without a question mark.</summary>
    /// <param name="schema">What is described.</param>
    /// <param name="place">Where it stands, to name what has no name.</param>
    public string Of(ContractSchema schema, string place)
    {
        var inner = schema.WithoutNull;
        if (IsRecord(inner))
        {
            return CodeText.Pascal(inner.Name!);
        }

        if (inner.Enum is { } values && inner.Types.HasFlag(JsonTypes.String))
        {
            return Enumeration(inner, inner.Name is null ? place : CodeText.Pascal(inner.Name), [.. values.Select(value => value.GetString()).OfType<string>()]);
        }

        return (inner.Types & ~JsonTypes.Null) switch
        {
            JsonTypes.Boolean => "bool",
            JsonTypes.Integer => inner.Format == "int64" ? "long" : "int",
            JsonTypes.Number => inner.Format == "decimal" ? "decimal" : "double",
            JsonTypes.String => inner.Format switch { "uuid" => "Guid", "date-time" => "DateTimeOffset", _ => "string" },
            JsonTypes.Array => $"IReadOnlyList<{(inner.Items is { } items ? Of(items, place) : "JsonElement")}>",
            JsonTypes.Object when inner.AdditionalProperties is { } others => $"IReadOnlyDictionary<string, {Of(others, place)}>",
            _ => "JsonElement",
        };
    }

    private string Enumeration(ContractSchema schema, string name, IReadOnlyList<string> values)
    {
        if (_inPlace.TryGetValue(schema, out var known))
        {
            return known;
        }

        // Two members with the same values are one type.
        var same = Enumerations.FirstOrDefault(other => other.Value.SequenceEqual(values) && (_ofMembers.Count == 0 || _ofMembers.Contains(other.Key))).Key;
        if (same is null)
        {
            Enumerations.Add(name, values);
        }

        return _inPlace[schema] = same ?? name;
    }
}
