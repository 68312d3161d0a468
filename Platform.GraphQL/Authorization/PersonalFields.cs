using GraphQL;
using GraphQL.Resolvers;
using GraphQL.Types;
using GraphQL.Utilities;
using Platform.GraphQL.Execution;
using Platform.Redaction;
using Platform.ServiceDefaults.Redaction;

namespace Platform.GraphQL.Authorization;

/// <summary>Redacts fields whose model declares them as personal data (<see cref="PersonalAttribute"/>), for callers without the permission.</summary>
internal sealed class PersonalFields(PersonalReader reader) : BaseSchemaNodeVisitor
{
    public override void VisitObjectFieldDefinition(FieldType field, IObjectGraphType type, ISchema schema)
    {
        if (ModelOf(type.GetType()) is { } model
            && PersonalModel.Of(model).FirstOrDefault(member => string.Equals(member.Key, field.Name, StringComparison.OrdinalIgnoreCase)) is { Key: not null } declared)
        {
            field.Resolver = field.Resolver is IDirectResolver direct
                ? new DirectPersonalResolver(direct, declared.Value, reader)
                : new PersonalResolver(field.Resolver ?? NameFieldResolver.Instance, declared.Value, reader);
        }
    }

    private static Type? ModelOf(Type? type)
    {
        while (type is not null)
        {
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ObjectGraphType<>))
            {
                return type.GenericTypeArguments[0];
            }

            type = type.BaseType;
        }

        return null;
    }

    private sealed class PersonalResolver(IFieldResolver inner, PiiType type, PersonalReader reader) : IFieldResolver
    {
        public async ValueTask<object?> ResolveAsync(IResolveFieldContext context) => await inner.ResolveAsync(context) is string value ? reader.Show(type, value) : null;
    }

    private sealed class DirectPersonalResolver(IDirectResolver inner, PiiType type, PersonalReader reader) : IDirectResolver
    {
        private readonly PersonalResolver _asAny = new(inner, type, reader);

        public bool TryResolve(OperationServices services, object? source, out object? result)
        {
            var resolved = inner.TryResolve(services, source, out result);
            result = result is string value ? reader.Show(type, value) : null;
            return resolved;
        }

        public ValueTask<object?> ResolveAsync(IResolveFieldContext context) => _asAny.ResolveAsync(context);
    }
}
