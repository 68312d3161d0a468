using GraphQL;
using GraphQL.Builders;
using GraphQL.Types;
using GraphQLParser.AST;
using Platform.FeatureFlags;
using Platform.FeatureFlags.Gates;

namespace Platform.GraphQL.Gates;

/// <summary>
/// <c>@feature(flag: "name")</c> on a field: to callers who lack the flag the field does not exist. The directive itself is no part of what
/// introspection tells.
/// </summary>
internal sealed class FeatureDirective : Directive
{
    public const string DirectiveName = "feature";
    public const string FlagArgument = "flag";

    public FeatureDirective()
        : base(DirectiveName, DirectiveLocation.FieldDefinition)
    {
        Description = "The field is there for callers for whom the flag is on; with a ! before the name, for whom it is off.";
        Arguments = new QueryArguments(new QueryArgument<NonNullGraphType<StringGraphType>> { Name = FlagArgument });
    }

    public override bool? Introspectable => false;
}

internal static class FeatureDirectiveExtensions
{
    private const string Key = "Platform.Gate";

    /// <summary>Hides a field from callers who lack a flag: from introspection, and answered like one that nobody knows.</summary>
    /// <param name="field">The field.</param>
    /// <param name="gate"><c>name</c>, or <c>!name</c> where the flag has to be off.</param>
    public static FieldBuilder<TSource, TReturn> RequireFlag<TSource, TReturn>(this FieldBuilder<TSource, TReturn> field, string gate)
    {
        field.FieldType.WithMetadata(Key, FlagGate.Parse(gate));
        field.FieldType.ApplyDirective(FeatureDirective.DirectiveName, FeatureDirective.FlagArgument, gate);
        return field;
    }

    /// <inheritdoc cref="RequireFlag{TSource, TReturn}(FieldBuilder{TSource, TReturn}, string)"/>
    public static FieldBuilder<TSource, TReturn> RequireFlag<TSource, TReturn>(this FieldBuilder<TSource, TReturn> field, Flag<bool> flag) =>
        field.RequireFlag(flag.Name);

    /// <summary>The gate of a field, or null.</summary>
    public static FlagGate? Gate(this IFieldType field) => field.Metadata.TryGetValue(Key, out var gate) ? (FlagGate?)gate : null;
}
