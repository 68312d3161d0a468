using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Platform.FeatureFlags;
using Platform.Identity;
using Platform.ServiceDefaults.Identity;

namespace Platform.ServiceDefaults.FeatureFlags;

/// <summary>
/// The caller of the present request, read when the first flag is asked and kept for the rest of it. The cookies that answers ask for are set
/// when the response starts.
/// </summary>
internal sealed class RequestFlags(
    IHttpContextAccessor http,
    VisitorIds visitors,
    IOptions<FeatureFlagOptions> options,
    IHostEnvironment environment,
    TimeProvider time,
    Callers? callers = null) : IFlagContextAccessor
{
    public FlagContext Current => http.HttpContext is { } context
        ? Of(context)
        : new FlagContext { AppName = environment.ApplicationName, Environment = environment.EnvironmentName };

    /// <summary>The caller of a request.</summary>
    public FlagContext Of(HttpContext context)
    {
        if (context.Features.Get<Kept>() is { } kept)
        {
            return kept.Context;
        }

        var caller = callers?.Of(context.User) ?? Caller.Anonymous;
        var visit = new FlagVisit(new HttpFlagRequest(context.Request), MayTest(caller));
        var visitor = Visitor(context, caller);
        var flags = new FlagContext
        {
            UserId = caller.Subject,
            UserName = caller.Name,
            VisitorId = visitor,
            IsAuthenticated = caller.IsAuthenticated,
            IsStaff = caller.IsStaff,
            IsSuperuser = caller.IsSuperuser,
            Groups = caller.Groups,
            Roles = caller.Roles,
            Language = Language(context),
            RemoteAddress = context.Connection.RemoteIpAddress?.ToString(),
            AppName = environment.ApplicationName,
            Environment = environment.EnvironmentName,
            Properties = new ClaimFields(context.User),
            Visit = visit,
        };
        context.Features.Set(new Kept(flags));
        if (!context.Response.HasStarted)
        {
            context.Response.OnStarting(() =>
            {
                SetCookies(context.Response, visit);
                return Task.CompletedTask;
            });
        }

        return flags;
    }

    // Who works here may look at a feature before others do; a link with ?dwft_... must not turn anything for anybody else.
    private static bool MayTest(Caller caller) => caller.IsStaff || caller.IsSuperuser || caller.May(ApiScopes.FlagsWrite);

    /// <summary>A visitor who has no id yet gets one when a response that asked flags for him starts.</summary>
    private string? Visitor(HttpContext context, Caller caller)
    {
        if (visitors.Read(context.Request.Cookies[options.Value.VisitorCookie]) is { } known)
        {
            return known;
        }

        if (caller.IsAuthenticated || context.Response.HasStarted)
        {
            return null;
        }

        var id = visitors.New();
        context.Response.Cookies.Append(options.Value.VisitorCookie, visitors.Sign(id), new CookieOptions
        {
            Path = "/",
            HttpOnly = true,
            Secure = options.Value.CookieSecure,
            SameSite = SameSiteMode.Lax,
            MaxAge = options.Value.VisitorMaxAge,
        });
        return id;
    }

    /// <summary>Sets waffle's cookies as its middleware and Django's <c>set_cookie</c> do: with a path, and an expiry beside each age.</summary>
    private void SetCookies(HttpResponse response, FlagVisit visit)
    {
        foreach (var cookie in visit.Cookies(options.Value))
        {
            response.Cookies.Append(cookie.Name, cookie.Value, new CookieOptions
            {
                Path = "/",
                MaxAge = cookie.MaxAge,
                Expires = cookie.MaxAge is { } age ? time.GetUtcNow() + age : null,
                Secure = cookie.Secure,
            });
        }
    }

    private static string? Language(HttpContext context)
    {
        if (context.Features.Get<IRequestCultureFeature>()?.RequestCulture.UICulture.Name is { Length: > 0 } culture)
        {
            return culture.ToLowerInvariant();
        }

        return context.Request.GetTypedHeaders().AcceptLanguage is { Count: > 0 } languages
            ? languages.MaxBy(language => language.Quality ?? 1)!.Value.Value?.ToLowerInvariant()
            : null;
    }

    private sealed record Kept(FlagContext Context);
}
