using Microsoft.AspNetCore.Authorization;

namespace Platform.ServiceDefaults.Identity;

/// <summary>Asks for a scope in the caller's token.</summary>
/// <param name="Scope">One of <c>ApiScopes</c>.</param>
public sealed record ScopeRequirement(string Scope) : IAuthorizationRequirement;

internal sealed class ScopeHandler : AuthorizationHandler<ScopeRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        // One claim with the scopes, separated by spaces (RFC 9068, section 2.2.3); some issuers send one claim a scope.
        foreach (var claim in context.User.FindAll("scope"))
        {
            foreach (var range in claim.Value.AsSpan().Split(' '))
            {
                if (claim.Value.AsSpan(range).SequenceEqual(requirement.Scope))
                {
                    context.Succeed(requirement);
                    return Task.CompletedTask;
                }
            }
        }

        return Task.CompletedTask;
    }
}
