using Platform.Contracts.Model;

namespace Platform.Contracts.Compatibility;

/// <summary>Compares what is sent and what is received, member by member.</summary>
internal static class SchemaComparison
{
    /// <summary>What clients send: everything that was taken has to be taken still.</summary>
    public static void Sent(ContractSchema before, ContractSchema after, string at, List<BreakingChange> changes) =>
        new Walk(changes, true).Compare(before, after, at);

    /// <summary>What clients are sent: everything that they could rely on has to be so still.</summary>
    public static void Received(ContractSchema before, ContractSchema after, string at, List<BreakingChange> changes) =>
        new Walk(changes, false).Compare(before, after, at);

    private sealed class Walk(List<BreakingChange> changes, bool sent)
    {
        // Schemas may hold themselves.
        private readonly HashSet<(ContractSchema, ContractSchema)> _compared = [];

        public void Compare(ContractSchema before, ContractSchema after, string at)
        {
            CompareTypes(before, after, at);
            (before, after) = (before.WithoutNull, after.WithoutNull);
            if (!_compared.Add((before, after)))
            {
                return;
            }

            CompareValues(before, after, at);
            CompareMembers(before, after, at);
            if (sent)
            {
                CompareLimits(before, after, at);
            }

            if (before.Items is { } formerItems && after.Items is { } latterItems)
            {
                Compare(formerItems, latterItems, $"{at}/*");
            }

            if (before.AdditionalProperties is { } formerOthers && after.AdditionalProperties is { } latterOthers)
            {
                Compare(formerOthers, latterOthers, $"{at}/*");
            }
        }

        private void CompareTypes(ContractSchema before, ContractSchema after, string at)
        {
            var (former, latter) = (TypesOf(before), TypesOf(after));
            if (sent && (former & ~latter) is var refused and not 0)
            {
                Add(at, $"{refused.ToText()} is not taken any more, {latter.ToText()} is");
            }
            else if (!sent && (latter & ~former) is var added and not 0)
            {
                Add(at, $"may be {added.ToText()} now, and was {former.ToText()}");
            }

            if (before.Format is not null && before.Format != after.Format)
            {
                Add(at, $"format {before.Format} became {after.Format ?? "none"}");
            }
            else if (sent && before.Format is null && after.Format is not null)
            {
                Add(at, $"has to be {after.Format} now");
            }
        }

        private void CompareValues(ContractSchema before, ContractSchema after, string at)
        {
            var (former, latter) = (EnumOf(before), EnumOf(after));
            if (sent && latter is not null)
            {
                if (former is null)
                {
                    Add(at, $"takes only {string.Join(", ", latter)} now");
                }
                else if (former.Except(latter).ToArray() is { Length: > 0 } refused)
                {
                    Add(at, $"{string.Join(", ", refused)} is not taken any more");
                }
            }
            else if (!sent && former is not null && latter is null)
            {
                Add(at, $"was one of {string.Join(", ", former)} and may be anything now");
            }
        }

        private void CompareMembers(ContractSchema before, ContractSchema after, string at)
        {
            var (former, latter) = (Flat(before), Flat(after));
            foreach (var (name, member) in former.Properties)
            {
                if (!latter.Properties.TryGetValue(name, out var now))
                {
                    Add($"{at}/{name}", "is gone");
                    continue;
                }

                if (sent && latter.Required.Contains(name) && !former.Required.Contains(name))
                {
                    Add($"{at}/{name}", "became required");
                }
                else if (!sent && former.Required.Contains(name) && !latter.Required.Contains(name))
                {
                    Add($"{at}/{name}", "is not always there any more");
                }

                Compare(member, now, $"{at}/{name}");
            }

            if (sent)
            {
                foreach (var name in latter.Required.Where(name => !former.Properties.ContainsKey(name)))
                {
                    Add($"{at}/{name}", "is new and required");
                }
            }
        }

        private void CompareLimits(ContractSchema before, ContractSchema after, string at)
        {
            Lower(before.Maximum, after.Maximum, "maximum");
            Lower(before.MaxLength, after.MaxLength, "maxLength");
            Lower(before.MaxItems, after.MaxItems, "maxItems");
            Higher(before.Minimum, after.Minimum, "minimum");
            Higher(before.MinLength, after.MinLength, "minLength");
            Higher(before.MinItems, after.MinItems, "minItems");
            if (after.Pattern is { } pattern && pattern.ToString() != before.Pattern?.ToString())
            {
                Add(at, $"has to match {pattern} now");
            }

            void Lower(double? former, double? latter, string keyword)
            {
                if (latter is { } limit && !(former <= limit))
                {
                    Add(at, $"{keyword} is {limit} now and was {former?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}");
                }
            }

            void Higher(double? former, double? latter, string keyword)
            {
                if (latter is > 0 and { } limit && !(former >= limit))
                {
                    Add(at, $"{keyword} is {limit} now and was {former?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}");
                }
            }
        }

        private void Add(string at, string what) => changes.Add(new(at, what));

        private static JsonTypes TypesOf(ContractSchema schema)
        {
            var types = schema.OneOf.Count == 0 ? schema.Types : schema.Types & schema.OneOf.Aggregate(JsonTypes.None, (all, option) => all | TypesOf(option));
            types = schema.AllOf.Aggregate(types, (all, part) => all & TypesOf(part));

            // Every integer is a number.
            return types.HasFlag(JsonTypes.Number) ? types | JsonTypes.Integer : types;
        }

        private static string[]? EnumOf(ContractSchema schema) => schema.Enum?.Select(value => value.GetRawText()).ToArray();

        // The members of a schema, those of its parts included.
        private static (Dictionary<string, ContractSchema> Properties, HashSet<string> Required) Flat(ContractSchema schema)
        {
            var properties = new Dictionary<string, ContractSchema>(schema.Properties, StringComparer.Ordinal);
            var required = schema.Required.ToHashSet(StringComparer.Ordinal);
            foreach (var part in schema.AllOf)
            {
                var (more, alsoRequired) = Flat(part);
                foreach (var (name, member) in more)
                {
                    // The latter part narrows what the former says.
                    properties[name] = member;
                }

                required.UnionWith(alsoRequired);
            }

            return (properties, required);
        }
    }
}
