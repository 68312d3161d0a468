using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using OpenIddict.Abstractions;
using Platform.Api.Identity.Pages;
using Platform.EntityFrameworkCore.Identity.Users;
using Platform.Identity;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Platform.Api.Identity.Grants;

internal enum ConsentAnswer
{
    NotAsked,
    Given,
    Denied,
}

/// <summary>What a user is asked before a client of somebody else gets tokens, and what they answered.</summary>
internal sealed class Consents(
    IOpenIddictApplicationManager clients, IOpenIddictAuthorizationManager authorizations, IDataProtectionProvider protection,
    IAntiforgery antiforgery, SessionCookies cookies)
{
    // As long as somebody may think about it.
    private static readonly TimeSpan QuestionLifetime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan RefusalLifetime = TimeSpan.FromMinutes(1);

    private readonly ITimeLimitedDataProtector _questions = protection.CreateProtector("Platform.Identity.Consent").ToTimeLimitedDataProtector();

    public async Task<ConsentAnswer> FindAsync(HttpContext http, HandleAuthorizationRequestContext context, User user, string request)
    {
        var client = await ClientAsync(context.ClientId!, context.CancellationToken);
        if (await clients.HasConsentTypeAsync(client, ConsentTypes.Implicit, context.CancellationToken))
        {
            return ConsentAnswer.Given;
        }

        if (Unprotect<string>(http.Request.Cookies[cookies.RefusalName]) == BrowserSessions.Mark(request))
        {
            http.Response.Cookies.Delete(cookies.RefusalName, cookies.Options());
            return ConsentAnswer.Denied;
        }

        if (context.Request.HasPromptValue(PromptValues.Consent) && Unprotect<string>(http.Request.Cookies[cookies.ConsentName]) != BrowserSessions.Mark(request))
        {
            return ConsentAnswer.NotAsked;
        }

        var id = await clients.GetIdAsync(client, context.CancellationToken);
        await foreach (var given in authorizations.FindAsync(
            user.Id.ToString("D"), id, Statuses.Valid, AuthorizationTypes.Permanent, context.Request.GetScopes(), context.CancellationToken))
        {
            return ConsentAnswer.Given;
        }

        return ConsentAnswer.NotAsked;
    }

    public async Task AskAsync(HttpContext http, HandleAuthorizationRequestContext context, User user, string request)
    {
        var client = await ClientAsync(context.ClientId!, context.CancellationToken);
        var name = await clients.GetDisplayNameAsync(client, context.CancellationToken) ?? context.ClientId!;
        var scopes = context.Request.GetScopes();

        // The form's token against forgery is for the user whom the form's endpoint will find.
        http.User = (await http.AuthenticateAsync(SignInSession.Scheme)).Principal ?? http.User;
        var question = Protect(new Question(user.Id, context.ClientId!, [.. scopes], request), QuestionLifetime);
        await ConsentPage.Render(http, antiforgery, user, name, scopes.Select(Describe), question).ExecuteAsync(http);
    }

    /// <summary>Takes the answer.</summary>
    /// <returns>Where to go on, or null where the question is not one that this user was asked.</returns>
    public async Task<string?> AnswerAsync(HttpContext http, User user, string? question, bool given)
    {
        if (Unprotect<Question>(question) is not { } asked || asked.User != user.Id)
        {
            return null;
        }

        var mark = BrowserSessions.Mark(asked.Request);
        if (!given)
        {
            http.Response.Cookies.Append(cookies.RefusalName, Protect(mark, RefusalLifetime), cookies.Options());
            return asked.Request;
        }

        var client = await ClientAsync(asked.Client, http.RequestAborted);
        var descriptor = new OpenIddictAuthorizationDescriptor
        {
            ApplicationId = await clients.GetIdAsync(client, http.RequestAborted),
            Subject = user.Id.ToString("D"),
            Status = Statuses.Valid,
            Type = AuthorizationTypes.Permanent,
        };
        descriptor.Scopes.UnionWith(asked.Scopes);
        await authorizations.CreateAsync(descriptor, http.RequestAborted);
        http.Response.Cookies.Append(cookies.ConsentName, Protect(mark, RefusalLifetime), cookies.Options());
        return asked.Request;
    }

    private static string Describe(string scope) => scope switch
    {
        Scopes.OpenId => "Know that it is you",
        Scopes.Profile => "See your name",
        Scopes.Email => "See your e-mail address",
        Scopes.OfflineAccess => "Go on while you are away",
        _ => ApiScopes.All.GetValueOrDefault(scope, scope),
    };

    private async Task<object> ClientAsync(string id, CancellationToken cancellationToken) =>
        await clients.FindByClientIdAsync(id, cancellationToken) ?? throw new InvalidOperationException("The client was checked and is not there.");

    private string Protect<T>(T value, TimeSpan lifetime) => _questions.Protect(JsonSerializer.Serialize(value), lifetime);

    private T? Unprotect<T>(string? text)
    {
        try
        {
            return string.IsNullOrEmpty(text) ? default : JsonSerializer.Deserialize<T>(_questions.Unprotect(text));
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return default;
        }
    }

    private sealed record Question(Guid User, string Client, ImmutableArray<string> Scopes, string Request);
}
