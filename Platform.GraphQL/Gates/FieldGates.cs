using GraphQL;
using GraphQL.Introspection;
using GraphQL.Resolvers;
using GraphQL.Types;
using GraphQL.Utilities;
using GraphQL.Validation;
using GraphQL.Validation.Errors;
using GraphQLParser.AST;
using Platform.Errors;
using Platform.FeatureFlags;

namespace Platform.GraphQL.Gates;

/// <summary>Holds the gates of fields in the three places where a field shows: introspection, validation and execution.</summary>
internal sealed class FieldGates(IFeatureFlags flags, IFlagContextAccessor callers)
{
    /// <summary>Validation with the gates; where no field is gated it is the same as without.</summary>
    public IReadOnlyList<IValidationRule> Rules { get; private set; } = [];

    /// <summary>What is left of it for a document that was found valid before: what the field's gates say to this caller.</summary>
    public IReadOnlyList<IValidationRule> CallerRules { get; private set; } = [];

    /// <summary>Puts the gates into a schema that is not initialized yet.</summary>
    public void Guard(ISchema schema)
    {
        schema.Directives.Register(new FeatureDirective());
        schema.Filter = new Filter(this);
        schema.RegisterVisitor(new Resolvers(this));
        CallerRules = [new HiddenFields(this)];
        Rules = [.. DocumentValidator.CoreRules, .. CallerRules];
    }

    private bool IsHidden(IFieldType field) => field.Gate() is { } gate && !gate.IsOpen(flags, callers.Current);

    private sealed class Filter(FieldGates gates) : DefaultSchemaFilter
    {
        public override Task<bool> AllowField(IGraphType parent, IFieldType field) =>
            gates.IsHidden(field) ? Task.FromResult(false) : base.AllowField(parent, field);
    }

    /// <summary>The error of a field that no type has (GraphQL specification, section 5.3.1), without a suggestion.</summary>
    private sealed class HiddenFields(FieldGates gates) : ValidationRuleBase
    {
        private readonly MatchingNodeVisitor<GraphQLField> _visitor = new((node, context) =>
        {
            if (context.TypeInfo.GetFieldDef() is { } field && gates.IsHidden(field))
            {
                context.ReportError(new FieldsOnCorrectTypeError(context, node, context.TypeInfo.GetParentType()!.GetNamedType(), [], []));
            }
        });

        public override ValueTask<INodeVisitor?> GetPreNodeVisitorAsync(ValidationContext context) => new(_visitor);
    }

    /// <summary>What keeps a document that was validated for somebody else, or before the flag was turned, from giving the field.</summary>
    private sealed class Resolvers(FieldGates gates) : BaseSchemaNodeVisitor
    {
        public override void VisitObjectFieldDefinition(FieldType field, IObjectGraphType type, ISchema schema)
        {
            if (field.Gate() is not null)
            {
                var inner = field.Resolver ?? NameFieldResolver.Instance;
                field.Resolver = new FuncFieldResolver<object?>(context => gates.IsHidden(field)
                    ? throw new ErrorException(ErrorCode.ValidationError, $"Cannot query field '{field.Name}' on type '{type.Name}'.")
                    : inner.ResolveAsync(context));
            }
        }
    }
}
