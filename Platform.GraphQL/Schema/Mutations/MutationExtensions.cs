using GraphQL;
using Platform.Conditional;
using Platform.Errors;
using Platform.GraphQL.DataLoaders;

namespace Platform.GraphQL.Schema.Mutations;

/// <summary>Runs use cases for mutations.</summary>
internal static class MutationExtensions
{
    /// <summary>The argument of every mutation.</summary>
    public const string Input = "input";

    /// <summary>What a mutation costs, in fields: several statements and a commit.</summary>
    public const int Cost = 10;

    /// <summary>The field of every payload that tells why the business refused.</summary>
    public const string UserErrors = "userErrors";

    /// <summary>
    /// Runs a use case. What the business refuses is given as <c>userErrors</c> of the payload to a client that selects them, and as
    /// an error of the response to one that does not, so that no refusal goes unnoticed. Everything else is an error of the response.
    /// </summary>
    /// <typeparam name="TUseCase">The use case.</typeparam>
    /// <typeparam name="TCommand">What it is to do.</typeparam>
    /// <typeparam name="TResult">What it gives.</typeparam>
    /// <param name="context">The mutation's field.</param>
    /// <param name="use">Calls the use case, which works in a scope and a transaction of its own.</param>
    /// <param name="id">The id of what it gives.</param>
    /// <param name="find">Finds what an earlier request with the same key gave.</param>
    public static async Task<Outcome<TResult>> RunAsync<TUseCase, TCommand, TResult>(
        this IResolveFieldContext context,
        Func<TUseCase, TCommand, WriteCondition?, CancellationToken, Task<TResult>> use,
        Func<TResult, Guid> id,
        Func<IServiceProvider, Guid, CancellationToken, Task<TResult?>> find)
        where TUseCase : class
        where TResult : class
    {
        var input = context.GetArgument<MutationInput<TCommand>>(Input);
        try
        {
            await using var scope = context.RequestServices!.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
            var useCase = scope.ServiceProvider.GetRequiredService<TUseCase>();
            var mutation = new MutationOnce(context, scope.ServiceProvider);
            var result = await mutation.RunAsync(
                input, token => use(useCase, input.Command, input.Condition, token), id, (known, token) => find(scope.ServiceProvider, known, token));
            context.ForgetWhatWasLoaded();
            return new(result, []);
        }
        catch (ErrorException refusal) when (IsOfTheBusiness(refusal.Code) && SelectsUserErrors(context))
        {
            return new(null, ToUserErrors(refusal));
        }
    }

    // What is in flight is no answer yet: the client is to come again.
    private static bool IsOfTheBusiness(ErrorCode code) => code.Status is 400 or 404 or 409 or 412 or 422 && code != ErrorCode.RequestInFlight;

    private static bool SelectsUserErrors(IResolveFieldContext context) =>
        context.SubFields?.Values.Any(field => field.FieldType.Name == UserErrors) == true;

    private static IReadOnlyList<UserError> ToUserErrors(ErrorException refusal) => refusal.Fields.Count > 0
        ? [.. refusal.Fields.Select(field => new UserError(field.Pointer, field.Code, field.Message))]
        : [new UserError(null, refusal.Code.Code, refusal.Message)];
}
