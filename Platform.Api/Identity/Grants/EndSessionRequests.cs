using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Antiforgery;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using Platform.Api.Identity.Pages;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Platform.Api.Identity.Grants;

// OpenID Connect RP-Initiated Logout 1.0. OpenIddict has checked the hint and where to go on.
internal sealed class EndSessionRequests(BrowserSessions sessions, IAntiforgery antiforgery) : IOpenIddictServerHandler<HandleEndSessionRequestContext>
{
    public async ValueTask HandleAsync(HandleEndSessionRequestContext context)
    {
        var http = context.Transaction.GetHttpRequest()!.HttpContext;
        if (await sessions.FindAsync(http) is { } found)
        {
            // Without a token that the client got for this user, anybody could sign users out by a link: they are asked (section 6).
            if (context.IdentityTokenHintPrincipal?.GetClaim(Claims.Subject) != found.Session.UserId)
            {
                await LogoutPage.Ask(http, antiforgery, found.User, $"{http.Request.Path}{http.Request.QueryString}").ExecuteAsync(http);
                context.HandleRequest();
                return;
            }

            await BrowserSessions.EndAsync(http);
        }

        if (context.Request.PostLogoutRedirectUri is null)
        {
            await LogoutPage.Done(http).ExecuteAsync(http);
            context.HandleRequest();
        }
        else
        {
            context.SignOut();
        }
    }
}
