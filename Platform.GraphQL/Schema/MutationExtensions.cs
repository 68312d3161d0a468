using GraphQL;
using Platform.Errors;
using Platform.GraphQL.DataLoaders;

namespace Platform.GraphQL.Schema;

/// <summary>Runs use cases for mutations.</summary>
internal static class MutationExtensions
{
    /// <summary>The field of every payload that tells why the business refused.</summary>
    public const string UserErrors = "userErrors";

    /// <summary>
    /// Runs a use case. What the business refuses is given as <c>userErrors</c> of the payload to a client that selects them, and as
    /// an error of the response to one that does not, so that no refusal goes unnoticed. Everything else is an error of the response.
    /// </summary>
    /// <typeparam name="TUseCase">The use case.</typeparam>
    /// <typeparam name="TResult">What it gives.</typeparam>
    /// <param name="context">The mutation's field.</param>
    /// <param name="use">Calls the use case, which works in a scope and a transaction of its own.</param>
    public static async Task<Outcome<TResult>> RunAsync<TUseCase, TResult>(
        this IResolveFieldContext context, Func<TUseCase, CancellationToken, Task<TResult>> use)
        where TUseCase : class
        where TResult : class
    {
        try
        {
            var result = await context.UseAsync(use);
            context.ForgetWhatWasLoaded();
            return new(result, []);
        }
        catch (ErrorException refusal) when (IsOfTheBusiness(refusal.Code) && SelectsUserErrors(context))
        {
            return new(null, ToUserErrors(refusal));
        }
    }

    private static bool IsOfTheBusiness(ErrorCode code) => code.Status is 400 or 404 or 409 or 412 or 422;

    private static bool SelectsUserErrors(IResolveFieldContext context) =>
        context.SubFields?.Values.Any(field => field.FieldType.Name == UserErrors) == true;

    private static IReadOnlyList<UserError> ToUserErrors(ErrorException refusal) => refusal.Fields.Count > 0
        ? [.. refusal.Fields.Select(field => new UserError(field.Pointer, field.Code, field.Message))]
        : [new UserError(null, refusal.Code.Code, refusal.Message)];
}

/// <summary>What a mutation gives: the result, or why there is none.</summary>
internal sealed record Outcome<TResult>(TResult? Result, IReadOnlyList<UserError> UserErrors)
    where TResult : class;
