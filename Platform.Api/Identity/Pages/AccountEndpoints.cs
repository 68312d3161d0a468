using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Platform.Api.Identity.Grants;
using Platform.EntityFrameworkCore.Identity.Users;

namespace Platform.Api.Identity.Pages;

/// <summary>The pages on which people sign in, consent, set up a second factor and sign out.</summary>
internal static class AccountEndpoints
{
    // Not told apart: which of them it was would tell who has an account.
    private const string Refused = "The name or the password is not right, or there were too many attempts. Try again in a few minutes.";
    private const string WrongCode = "The code is not right, was used before, or there were too many attempts.";

    private static readonly Lazy<byte[]> Style = new(() =>
    {
        using var stream = typeof(AccountEndpoints).Assembly.GetManifestResourceStream("Platform.Api.account.css")!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    });

    /// <summary>Maps them, unless people sign in at an external provider.</summary>
    public static void MapAccount(this IEndpointRouteBuilder endpoints)
    {
        if (endpoints.ServiceProvider.GetService<SessionCookies>() is null)
        {
            return;
        }

        var pages = endpoints.MapGroup("").ExcludeFromDescription().AddEndpointFilter<OwnForms>();
        pages.MapGet(AccountPaths.Style, static (HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "public, max-age=3600";
            return Results.Bytes(Style.Value, "text/css; charset=utf-8");
        }).AllowAnonymous();

        pages.MapGet(AccountPaths.Login, ShowLogin).AllowAnonymous();
        pages.MapPost(AccountPaths.Login, LoginAsync).AllowAnonymous();
        pages.MapGet(AccountPaths.SecondFactor, ShowSecondFactorAsync).AllowAnonymous();
        pages.MapPost(AccountPaths.SecondFactor, SecondFactorAsync).AllowAnonymous();
        pages.MapGet(AccountPaths.Logout, ShowLogoutAsync).AllowAnonymous();
        pages.MapPost(AccountPaths.Logout, LogoutAsync).AllowAnonymous();

        var signedIn = pages.MapGroup("").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = SignInSession.Scheme });
        signedIn.MapGet(AccountPaths.Root, ShowAccountAsync);
        signedIn.MapPost(AccountPaths.Consent, ConsentAsync);
        signedIn.MapGet(AccountPaths.TwoFactor, ShowTwoFactorAsync);
        signedIn.MapPost(AccountPaths.TwoFactor, TwoFactorAsync);
    }

    private static IResult ShowLogin(HttpContext http, IAntiforgery antiforgery) => LoginPage.Password(http, antiforgery, GoOn(http));

    private static async Task<IResult> LoginAsync(
        HttpContext http, IAntiforgery antiforgery, UserSignIn signIn, BrowserSessions sessions, CancellationToken cancellationToken)
    {
        var form = await http.Request.ReadFormAsync(cancellationToken);
        var (name, goOn) = (form["name"].ToString(), AccountPaths.Safe(form[AccountPaths.Return]));
        var outcome = await signIn.CheckPasswordAsync(name.Trim(), form["password"].ToString(), cancellationToken);
        if (outcome.User is not { } user)
        {
            return LoginPage.Password(http, antiforgery, goOn, name, Refused);
        }

        if (outcome.NeedsSecondFactor)
        {
            await sessions.BeginSecondFactorAsync(http, user, goOn);
            return Page.GoOn(http, $"{AccountPaths.SecondFactor}{QueryString.Create(AccountPaths.Return, goOn)}");
        }

        await sessions.BeginAsync(http, user, goOn, "pwd");
        return Page.GoOn(http, goOn);
    }

    private static async Task<IResult> ShowSecondFactorAsync(HttpContext http, IAntiforgery antiforgery, BrowserSessions sessions) =>
        await sessions.FindAsync(http, SignInSession.PendingScheme) is null
            ? Results.Redirect(AccountPaths.Login)
            : LoginPage.SecondFactor(http, antiforgery, GoOn(http));

    private static async Task<IResult> SecondFactorAsync(
        HttpContext http, IAntiforgery antiforgery, UserSignIn signIn, BrowserSessions sessions, CancellationToken cancellationToken)
    {
        var form = await http.Request.ReadFormAsync(cancellationToken);
        var goOn = AccountPaths.Safe(form[AccountPaths.Return]);
        if (await sessions.FindAsync(http, SignInSession.PendingScheme) is not { } pending)
        {
            return LoginPage.Password(http, antiforgery, goOn, problem: "It took too long. Please start again.");
        }

        if (!await signIn.CheckSecondFactorAsync(pending.User, form["code"].ToString(), cancellationToken))
        {
            return LoginPage.SecondFactor(http, antiforgery, goOn, WrongCode);
        }

        await sessions.BeginAsync(http, pending.User, goOn, "pwd", "otp", "mfa");
        return Page.GoOn(http, goOn);
    }

    private static async Task<IResult> ShowAccountAsync(HttpContext http, BrowserSessions sessions) =>
        await sessions.FindAsync(http) is { } found ? AccountPage.Overview(http, found.User) : Results.Redirect(AccountPaths.Login);

    private static async Task<IResult> ConsentAsync(
        HttpContext http, BrowserSessions sessions, Consents consents, CancellationToken cancellationToken)
    {
        var form = await http.Request.ReadFormAsync(cancellationToken);
        return await sessions.FindAsync(http) is { } found
            && await consents.AnswerAsync(http, found.User, form[ConsentPage.QuestionField], form[ConsentPage.AnswerField] == ConsentPage.Allow) is { } goOn
            ? Page.GoOn(http, AccountPaths.Safe(goOn))
            : Page.Render(http, "The question is too old", Markup.Of($"<p>Please start again in the application.</p>"), StatusCodes.Status400BadRequest);
    }

    private static async Task<IResult> ShowTwoFactorAsync(
        HttpContext http, IAntiforgery antiforgery, BrowserSessions sessions, UserSignIn signIn, CancellationToken cancellationToken) =>
        await sessions.FindAsync(http) is { User.TwoFactorEnabled: false } found
            ? AccountPage.SetUp(http, antiforgery, found.User, await signIn.BeginTwoFactorAsync(found.User, cancellationToken))
            : Results.Redirect(AccountPaths.Root);

    private static async Task<IResult> TwoFactorAsync(
        HttpContext http, IAntiforgery antiforgery, BrowserSessions sessions, UserSignIn signIn, CancellationToken cancellationToken)
    {
        var form = await http.Request.ReadFormAsync(cancellationToken);
        if (await sessions.FindAsync(http) is not { User.TwoFactorEnabled: false } found)
        {
            return Results.Redirect(AccountPaths.Root);
        }

        if (await signIn.EnableTwoFactorAsync(found.User, form["code"].ToString(), cancellationToken) is { } codes)
        {
            // The user's other sessions have ended with this; this one goes on.
            await sessions.BeginAsync(http, found.User, AccountPaths.TwoFactor, "pwd", "otp", "mfa");
            return AccountPage.RecoveryCodes(http, codes);
        }

        var key = await signIn.BeginTwoFactorAsync(found.User, cancellationToken);
        return AccountPage.SetUp(http, antiforgery, found.User, key, "The code is not right. There is a new key: add it to the app.");
    }

    private static async Task<IResult> ShowLogoutAsync(HttpContext http, IAntiforgery antiforgery, BrowserSessions sessions) =>
        await sessions.FindAsync(http) is { } found ? LogoutPage.Ask(http, antiforgery, found.User, AccountPaths.Logout) : LogoutPage.Done(http);

    private static async Task<IResult> LogoutAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var form = await http.Request.ReadFormAsync(cancellationToken);
        await BrowserSessions.EndAsync(http);
        var goOn = AccountPaths.Safe(form[AccountPaths.Return]);
        return goOn.StartsWith("/connect/", StringComparison.Ordinal) ? Page.GoOn(http, goOn) : LogoutPage.Done(http);
    }

    private static string GoOn(HttpContext http) => AccountPaths.Safe(http.Request.Query[AccountPaths.Return]);
}
