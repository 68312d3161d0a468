using GraphQL;
using GraphQL.Resolvers;
using GraphQL.Types;
using GraphQL.Utilities;

namespace Platform.GraphQL.Authorization;

/// <summary>
/// Makes what the schema says about access count: <c>AuthorizeWithPolicy</c> and <c>AllowAnonymous</c> are no more than metadata to the
/// executor. A policy on a type is asked for by every field that gives the type, wherever that field hangs; where a field gives an interface or a
/// union, by what it turns out to be.
/// </summary>
/// <remarks>
/// A schema with a field that nobody decided about does not start. <c>AllowAnonymous</c> means that whoever holds the parent may read the
/// field; the endpoint itself asks for a token first.
/// </remarks>
internal sealed class FieldGuards : BaseSchemaNodeVisitor
{
    /// <summary>The policies of a field: its own and those of what it gives.</summary>
    public static string[] PoliciesOf(FieldType field) =>
        [.. PoliciesOf((IMetadataReader)field).Union(field.ResolvedType?.GetNamedType() is { } type ? PoliciesOf(type) : [])];

    /// <summary>Whether somebody decided who may read a field: on the field, on what it gives, or on the type that it belongs to.</summary>
    public static bool IsDecided(FieldType field, IObjectGraphType parent) =>
        PoliciesOf(field).Length > 0
        || field.IsAnonymousAllowed()
        || PoliciesOf((IMetadataReader)parent).Count > 0 || parent.IsAnonymousAllowed();

    public override void VisitObjectFieldDefinition(FieldType field, IObjectGraphType type, ISchema schema)
    {
        if (type.Name.StartsWith("__", StringComparison.Ordinal))
        {
            return;
        }

        if (!IsDecided(field, type))
        {
            throw new InvalidOperationException(
                $"Nobody decided who may read {type.Name}.{field.Name}: say AuthorizeWithPolicy or AllowAnonymous on the field or its type.");
        }

        // Whoever holds the parent has met the parent's policies already.
        string[] policies = [.. PoliciesOf(field).Except(PoliciesOf((IMetadataReader)type))];
        if (policies.Length > 0)
        {
            field.Resolver = new GuardedResolver(field.Resolver ?? NameFieldResolver.Instance, policies);
            if (field.StreamResolver is { } stream)
            {
                field.StreamResolver = new GuardedStream(stream, policies);
            }
        }

        if (field.ResolvedType?.GetNamedType() is IAbstractGraphType abstractType)
        {
            field.Resolver = new AbstractGuard(field.Resolver ?? NameFieldResolver.Instance, abstractType);
        }
    }

    /// <summary>The policies that stand on a type or a field itself.</summary>
    public static List<string> PoliciesOf(IMetadataReader decided) => decided.GetPolicies() ?? [];
}
