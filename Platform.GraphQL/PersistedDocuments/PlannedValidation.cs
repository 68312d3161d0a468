using GraphQL;
using GraphQL.Execution;
using GraphQL.Validation;
using GraphQLParser.AST;
using Platform.GraphQL.Gates;

namespace Platform.GraphQL.PersistedDocuments;

/// <summary>
/// Validates documents; of one that was found valid before it reads the variables and the arguments alone (GraphQL specification, sections 6.1.2 and 6.4.1), by a
/// plan instead of another walk over the document.
/// </summary>
internal sealed class PlannedValidation(DocumentPlans plans, FieldGates gates) : IDocumentValidator
{
    private readonly DocumentValidator _whole = new();

    public Task<IValidationResult> ValidateAsync(in ValidationOptions options) =>
        ReferenceEquals(options.Rules, gates.CallerRules) && plans.Of(options.Document, options.Operation) is { IsPlain: true } plan
            ? ValidateAsync(options, plan)
            : _whole.ValidateAsync(options);

    private async Task<IValidationResult> ValidateAsync(ValidationOptions options, OperationPlan plan)
    {
        var context = new ValidationContext
        {
            Schema = options.Schema,
            Document = options.Document,
            UserContext = options.UserContext,
            Variables = options.Variables,
            Extensions = options.Extensions,
            Operation = options.Operation,
            Metrics = options.Metrics,
            RequestServices = options.RequestServices,
            User = options.User,
            CancellationToken = options.CancellationToken,
        };
        try
        {
            var (variables, errors) = await context.GetVariablesValuesAsync();
            if (errors is null or [] && !context.HasErrors)
            {
                return new Validated(variables, Arguments(options.Document, plan, variables));
            }
        }
        catch (ValidationError)
        {
            // What is wrong with the values is said as it is of any other document.
        }

        return await _whole.ValidateAsync(options);
    }

    private static Dictionary<GraphQLField, IDictionary<string, ArgumentValue>>? Arguments(GraphQLDocument document, OperationPlan plan, Variables? variables)
    {
        if (plan.Fields.Count == 0)
        {
            return null;
        }

        var arguments = new Dictionary<GraphQLField, IDictionary<string, ArgumentValue>>(plan.Fields.Count);
        foreach (var (field, definition) in plan.Fields)
        {
            if (ExecutionHelper.GetArguments(definition.Arguments, field.Arguments, variables, document, field, null) is { } values)
            {
                arguments[field] = values;
            }
        }

        return arguments;
    }

    private sealed record Validated(
        Variables? Variables, IReadOnlyDictionary<GraphQLField, IDictionary<string, ArgumentValue>>? ArgumentValues) : IValidationResult
    {
        public bool IsValid => true;

        public ExecutionErrors Errors { get; } = [];

        public IReadOnlyDictionary<ASTNode, IDictionary<string, DirectiveInfo>>? DirectiveValues => null;
    }
}
