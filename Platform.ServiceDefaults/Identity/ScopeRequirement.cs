using Microsoft.AspNetCore.Authorization;

namespace Platform.ServiceDefaults.Identity;

/// <summary>Asks for a permission of the caller: the scope in the token, and for a user a role that allows it.</summary>
/// <param name="Scope">One of <c>ApiScopes</c>.</param>
public sealed record ScopeRequirement(string Scope) : IAuthorizationRequirement;

internal sealed class ScopeHandler(Callers callers) : AuthorizationHandler<ScopeRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        if (callers.Of(context.User).May(requirement.Scope))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}
