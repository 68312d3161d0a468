using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Platform.FeatureFlags;
using Platform.Identifiers;
using Platform.Identity;

namespace Platform.ServiceDefaults.FeatureFlags.Callers;

/// <summary>Makes the caller of a request, once per request and signed-in user, and sets the cookies that flags ask for.</summary>
internal sealed class HttpFlagCallers(
    IHttpContextAccessor accessor,
    Identity.Callers identity,
    IOptions<FlagCallerOptions> options,
    IOptions<FeatureFlagOptions> flagOptions,
    FlagSigning signing,
    TimeProvider time,
    IHostEnvironment environment)
    : IFlagContextAccessor
{
    // OpenID Connect Core, section 5.1: the name that the user signs in with.
    private const string UserNameClaim = "preferred_username";

    private static readonly FlagContext Nobody = new();

    private readonly FlagCallerOptions _options = options.Value;

    public FlagContext Current => accessor.HttpContext is { } http ? Of(http) : Nobody;

    public FlagContext Of(HttpContext http)
    {
        // Authentication may come after the first question: then there is another caller.
        if (http.Features.Get<Asked>() is { } known && ReferenceEquals(known.User, http.User))
        {
            return known.Context;
        }

        var context = Create(http);
        if (http.Features.Get<Asked>() is null && !http.Response.HasStarted)
        {
            http.Response.OnStarting(SetCookiesAsync, http);
        }

        http.Features.Set(new Asked(http.User, context));
        return context;
    }

    /// <summary>Whether the caller has an id that outlives the request: signed in, or asked for flags and so given a cookie.</summary>
    public static bool IsKnown(HttpContext http) => http.User.Identity?.IsAuthenticated is true || http.Features.Get<Asked>() is not null;

    private FlagContext Create(HttpContext http)
    {
        var caller = identity.Of(http.User);
        return new FlagContext
        {
            UserId = caller.Subject,
            UserName = http.User.FindFirst(UserNameClaim)?.Value ?? caller.Name,
            VisitorId = caller.IsAuthenticated ? null : VisitorOf(http),
            IsAuthenticated = caller.IsAuthenticated,
            IsStaff = caller.IsStaff,
            IsSuperuser = caller.IsSuperuser,
            Groups = caller.Groups,
            Roles = caller.Roles,
            Language = LanguageOf(http),
            RemoteAddress = http.Connection.RemoteIpAddress?.ToString(),
            AppName = environment.ApplicationName,
            Environment = environment.EnvironmentName,
            Properties = new ClaimFields(http.User),
            Visit = new FlagVisit(new HttpFlagRequest(http.Request), caller.May(ApiScopes.Operate) || caller.Roles.Contains(_options.TesterRole)),
        };
    }

    /// <summary>The id from the visitor's cookie, or a new one that the answer sets.</summary>
    private string VisitorOf(HttpContext http)
    {
        if (http.Features.Get<Visitor>() is { } known)
        {
            return known.Id;
        }

        var kept = signing.ReadVisitor(http.Request.Cookies[_options.VisitorCookie]);
        var visitor = kept is null ? new Visitor(Uuid7.Next(time).ToString("N"), IsNew: true) : new Visitor(kept, IsNew: false);
        http.Features.Set(visitor);
        return visitor.Id;
    }

    private Task SetCookiesAsync(object state)
    {
        var http = (HttpContext)state;
        if (http.Features.Get<Asked>()?.Context.Visit is { } visit)
        {
            foreach (var cookie in visit.Cookies(flagOptions.Value))
            {
                // As Django's set_cookie, which waffle calls: an expiry beside each age.
                DateTimeOffset? expires = cookie.MaxAge is { } age ? time.GetUtcNow() + age : null;
                http.Response.Cookies.Append(
                    cookie.Name, cookie.Value, new CookieOptions { MaxAge = cookie.MaxAge, Expires = expires, Secure = cookie.Secure, Path = "/" });
            }
        }

        // Whoever signed in meanwhile has an id of his own.
        if (http.Features.Get<Visitor>() is { IsNew: true } visitor && http.User.Identity?.IsAuthenticated is not true)
        {
            http.Response.Cookies.Append(_options.VisitorCookie, signing.SignVisitor(visitor.Id), new CookieOptions
            {
                MaxAge = _options.VisitorLifetime,
                Secure = _options.SecureCookie,
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                Path = "/",
                IsEssential = true,
            });
        }

        return Task.CompletedTask;
    }

    // What the host negotiated, else what the caller likes best (RFC 9110, section 12.5.4), in waffle's spelling.
    private static string? LanguageOf(HttpContext http)
    {
        if (http.Features.Get<IRequestCultureFeature>() is { } culture)
        {
            return culture.RequestCulture.UICulture.Name.ToLower(CultureInfo.InvariantCulture);
        }

        var best = http.Request.GetTypedHeaders().AcceptLanguage.OrderByDescending(language => language.Quality ?? 1).FirstOrDefault();
        return best?.Value.Value is { Length: > 0 and <= 35 } tag && tag != "*" ? tag.ToLower(CultureInfo.InvariantCulture) : null;
    }

    private sealed record Asked(ClaimsPrincipal User, FlagContext Context);

    private sealed record Visitor(string Id, bool IsNew);
}
