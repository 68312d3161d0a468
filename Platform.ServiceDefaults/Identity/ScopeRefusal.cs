using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Platform.Errors;
using Platform.ServiceDefaults.Errors;

namespace Platform.ServiceDefaults.Identity;

// RFC 6750, section 3.1: a token that does not reach far enough is told which scope is missing.
internal sealed class ScopeRefusal : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _inner = new();

    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Forbidden)
        {
            var scopes = string.Join(' ', policy.Requirements.OfType<ScopeRequirement>().Select(requirement => requirement.Scope));
            context.Response.Headers.Append(HeaderNames.WWWAuthenticate, $"Bearer error=\"insufficient_scope\", scope=\"{scopes}\"");
            context.SetError(new ErrorException(ErrorCode.Forbidden, $"The token lacks the scope {scopes}, or the user a role that allows it."));
        }

        return _inner.HandleAsync(next, context, policy, authorizeResult);
    }
}
