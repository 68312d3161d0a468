using GraphQL.Types;

namespace Platform.GraphQL.Limits.Cost;

/// <summary>
/// What the fields cost that are selected of one object, or of all the objects of a list together. Of an object that may be of several types it is what the dearest of them
/// costs (IBM's "GraphQL Cost Directives", "Weighing abstract types"): fragments on other types are not resolved then.
/// </summary>
internal sealed class ObjectCost
{
    private readonly List<(IReadOnlyCollection<IObjectGraphType>? Types, Part Part)> _parts = [];

    /// <summary>Adds a field.</summary>
    /// <param name="among">The types that the object is of where the field is resolved; null for all.</param>
    /// <param name="field">The field itself, each time that it is resolved.</param>
    /// <param name="type">The objects that it gives.</param>
    public void Add(IReadOnlyCollection<IObjectGraphType>? among, double field, double type)
    {
        var part = PartOf(among);
        part.Field += Math.Max(0, field);
        part.Type += Math.Max(0, type);
    }

    /// <summary>What a field gives, for its own fields to be added.</summary>
    /// <param name="among">The types that the object is of where the field is resolved; null for all.</param>
    /// <param name="path">The field's number in the response.</param>
    public ObjectCost Inner(IReadOnlyCollection<IObjectGraphType>? among, int path)
    {
        var part = PartOf(among);
        if (!part.Inner.TryGetValue(path, out var inner))
        {
            part.Inner.Add(path, inner = new ObjectCost());
        }

        return inner;
    }

    /// <summary>All of it.</summary>
    public OperationCost Sum()
    {
        var always = Sum(_parts.Where(part => part.Types is null));
        var dearest = default(OperationCost);
        foreach (var type in _parts.SelectMany(part => part.Types ?? []).Distinct())
        {
            var ofType = Sum(_parts.Where(part => part.Types?.Contains(type) == true));
            dearest = ofType.Field + ofType.Type > dearest.Field + dearest.Type ? ofType : dearest;
        }

        return new(always.Field + dearest.Field, always.Type + dearest.Type);
    }

    private static OperationCost Sum(IEnumerable<(IReadOnlyCollection<IObjectGraphType>? Types, Part Part)> parts)
    {
        var (field, type) = (0.0, 0.0);
        foreach (var (_, part) in parts)
        {
            (field, type) = (field + part.Field, type + part.Type);
            foreach (var inner in part.Inner.Values)
            {
                var sum = inner.Sum();
                (field, type) = (field + sum.Field, type + sum.Type);
            }
        }

        return new(field, type);
    }

    private Part PartOf(IReadOnlyCollection<IObjectGraphType>? among)
    {
        foreach (var (types, known) in _parts)
        {
            if (types == among || (types is not null && among is not null && types.Count == among.Count && types.All(among.Contains)))
            {
                return known;
            }
        }

        var part = new Part();
        _parts.Add((among, part));
        return part;
    }

    private sealed class Part
    {
        public double Field { get; set; }

        public double Type { get; set; }

        public Dictionary<int, ObjectCost> Inner { get; } = [];
    }
}
