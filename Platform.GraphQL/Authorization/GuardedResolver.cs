using GraphQL;
using GraphQL.Resolvers;
using Platform.Errors;

namespace Platform.GraphQL.Authorization;

/// <summary>Asks for policies before the field is resolved; a refusal is an error of this field, and the others are answered.</summary>
internal sealed class GuardedResolver(IFieldResolver inner, string[] policies) : IFieldResolver
{
    public async ValueTask<object?> ResolveAsync(IResolveFieldContext context)
    {
        var access = context.RequestServices!.GetRequiredService<CallerAccess>();
        return await access.FindMissingAsync(context.User, policies) is { } missing
            ? throw new ErrorException(ErrorCode.Forbidden, $"The token lacks the scope {missing}.")
            : await inner.ResolveAsync(context);
    }
}
