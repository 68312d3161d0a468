using Microsoft.AspNetCore.Antiforgery;
using Platform.EntityFrameworkCore.Identity.Users;

namespace Platform.Api.Identity.Pages;

internal static class ConsentPage
{
    public const string QuestionField = "question";
    public const string AnswerField = "answer";
    public const string Allow = "allow";

    public static IResult Render(
        HttpContext http, IAntiforgery antiforgery, User user, string client, IEnumerable<string> wishes, string question) => Page.Render(
        http,
        $"{client} asks for access",
        Markup.Of($"""
            <p>You are signed in as <strong>{user.DisplayName ?? user.UserName}</strong>. The application wants to:</p>
            <ul>{Markup.All(wishes.Select(wish => Markup.Of($"<li>{wish}</li>")))}</ul>
            {Page.Form(http, antiforgery, AccountPaths.Consent, Markup.Of($"""
                {Page.Hidden(QuestionField, question)}
                <button type="submit" name="{AnswerField}" value="{Allow}">Allow</button>
                <button type="submit" name="{AnswerField}" value="refuse" class="quiet">Refuse</button>
                """))}
            """));
}
