using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;

namespace Platform.ServiceDefaults.Identity;

internal static class KnownUser
{
    /// <summary>The user of a request; null where nobody was authenticated. <see cref="HttpContext.User"/> would make one up for each such request.</summary>
    public static ClaimsPrincipal? KnownUserOrNull(this HttpContext context) => context.Features.Get<IHttpAuthenticationFeature>()?.User;
}
