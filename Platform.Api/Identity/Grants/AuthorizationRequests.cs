using Microsoft.AspNetCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using Platform.Api.Identity.Pages;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using ProtocolErrors = OpenIddict.Abstractions.OpenIddictConstants.Errors;

namespace Platform.Api.Identity.Grants;

// OpenID Connect Core 1.0, section 3.1.2. OpenIddict has checked the client, the redirect URI, the scopes and the challenge.
internal sealed class AuthorizationRequests(
    BrowserSessions sessions, TokenOwner owner, Consents consents, TimeProvider time) : IOpenIddictServerHandler<HandleAuthorizationRequestContext>
{
    public async ValueTask HandleAsync(HandleAuthorizationRequestContext context)
    {
        var http = context.Transaction.GetHttpRequest()!.HttpContext;
        var request = $"{http.Request.Path}{http.Request.QueryString}";
        var silent = context.Request.HasPromptValue(PromptValues.None);
        if (HttpMethods.IsPost(http.Request.Method) && !http.Request.QueryString.HasValue)
        {
            // A form that another site posts carries no cookie of ours (SameSite), and cannot be come back to: as a query it can.
            request = $"{http.Request.Path}{QueryString.Create(context.Request.GetParameters().Select(p => KeyValuePair.Create(p.Key, (string?)p.Value)))}";
        }

        if (await sessions.FindAsync(http) is not { } found || MustSignInAgain(context.Request, found.Session, request))
        {
            if (silent)
            {
                context.Reject(ProtocolErrors.LoginRequired, "The user has to sign in.");
                return;
            }

            http.Response.Redirect($"{AccountPaths.Login}{QueryString.Create(AccountPaths.Return, request)}");
            context.HandleRequest();
            return;
        }

        var answer = await consents.FindAsync(http, context, found.User, request);
        if (answer is ConsentAnswer.Denied)
        {
            context.Reject(ProtocolErrors.AccessDenied, "The user refused.");
        }
        else if (answer is ConsentAnswer.Given)
        {
            context.SignIn(owner.Create(found.User, found.Session, context.Request.GetScopes()));
        }
        else if (silent)
        {
            context.Reject(ProtocolErrors.ConsentRequired, "The user has to consent.");
        }
        else
        {
            await consents.AskAsync(http, context, found.User, request);
            context.HandleRequest();
        }
    }

    private bool MustSignInAgain(OpenIddictRequest request, SignInSession session, string url) =>
        session.For != BrowserSessions.Mark(url)
        && (request.HasPromptValue(PromptValues.Login)
            || (request.MaxAge is { } age && session.AuthenticatedAt + TimeSpan.FromSeconds(age) < time.GetUtcNow()));
}
