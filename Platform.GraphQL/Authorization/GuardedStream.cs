using GraphQL;
using GraphQL.Resolvers;
using Platform.Errors;

namespace Platform.GraphQL.Authorization;

/// <summary>Asks for policies before a subscription begins; each of its events is asked for again by <see cref="GuardedResolver"/>.</summary>
internal sealed class GuardedStream(ISourceStreamResolver inner, string[] policies) : ISourceStreamResolver
{
    public async ValueTask<IObservable<object?>> ResolveAsync(IResolveFieldContext context)
    {
        var access = context.RequestServices!.GetRequiredService<CallerAccess>();
        return await access.FindMissingAsync(context.User, policies) is { } missing
            ? throw new ErrorException(ErrorCode.Forbidden, $"The token lacks the scope {missing}.")
            : await inner.ResolveAsync(context);
    }
}
