using GraphQL;
using GraphQL.Resolvers;
using Platform.Errors;
using Platform.GraphQL.Execution;

namespace Platform.GraphQL.Authorization;

/// <summary>Asks for policies before the field is resolved; a refusal is an error of this field, and the others are answered.</summary>
internal sealed class GuardedResolver(IFieldResolver inner, string[] policies) : IDirectResolver
{
    private readonly IDirectResolver? _direct = inner as IDirectResolver;

    public bool TryResolve(OperationServices services, object? source, out object? result)
    {
        result = null;
        return _direct is not null && services.Get<CallerAccess>().IsKnownToMeet(policies) && _direct.TryResolve(services, source, out result);
    }

    public ValueTask<object?> ResolveAsync(IResolveFieldContext context)
    {
        var access = context.RequestServices!.GetRequiredService<CallerAccess>();

        // A page asks the same for each of its items.
        return access.IsKnownToMeet(policies) ? inner.ResolveAsync(context) : AskAsync(access, context);
    }

    private async ValueTask<object?> AskAsync(CallerAccess access, IResolveFieldContext context) =>
        await access.FindMissingAsync(context.User, policies) is { } missing
            ? throw new ErrorException(ErrorCode.Forbidden, $"The token lacks the scope {missing}.")
            : await inner.ResolveAsync(context);
}
