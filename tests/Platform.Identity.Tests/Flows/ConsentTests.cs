using System.Net;
using OpenIddict.Abstractions;
using Platform.Identity.Tests.Support;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Platform.Identity.Tests.Flows;

/// <summary>A client of somebody else gets tokens once the user said yes.</summary>
[Collection(nameof(SharedHost))]
public sealed class ConsentTests(IdentityHost host)
{
    [Fact]
    public async Task User_is_asked_once_and_sees_who_wants_what()
    {
        var flow = await ClientAsync("asks-once");
        using var browser = host.Browser();
        var page = await QuestionAsync(browser, flow);
        Assert.Contains("Shop of somebody else", page.Body, StringComparison.Ordinal);
        Assert.Contains("Olivia Operator", page.Body, StringComparison.Ordinal);
        Assert.Contains("<li>Know that it is you</li>", page.Body, StringComparison.Ordinal);

        var allowed = await browser.SubmitAsync(page, ("answer", "allow"));
        Assert.True(allowed.Refresh is not null, allowed.Body);
        var code = (await browser.GetAsync(allowed.Refresh!)).Parameter("code");
        var (status, tokens) = await flow.RedeemAsync(code!);
        Assert.True(status is HttpStatusCode.OK, tokens.ToJsonString());

        // Once given it counts, and for what was asked only.
        Assert.NotNull((await browser.GetAsync(flow.Url())).Parameter("code"));
        Assert.Contains("<form", (await browser.GetAsync((flow with { Scope = "openid operate" }).Url())).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusal_leads_back_to_the_client_and_the_next_time_asks_again()
    {
        var flow = await ClientAsync("is-refused");
        using var browser = host.Browser();
        var refused = await browser.SubmitAsync(await QuestionAsync(browser, flow), ("answer", "refuse"));
        var answer = await browser.GetAsync(refused.Refresh!);
        Assert.StartsWith(flow.RedirectUri, answer.Location, StringComparison.Ordinal);
        Assert.Equal(("access_denied", "the-state"), (answer.Parameter("error"), answer.Parameter("state")));
        Assert.Contains("<form", (await browser.GetAsync(flow.Url())).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_that_may_not_ask_is_told_that_consent_is_missing()
    {
        var flow = await ClientAsync("may-not-ask") with { Changes = new() { ["prompt"] = "none" } };
        using var browser = host.Browser();
        await browser.SignInAsync("operator", "operator-password");
        Assert.Equal("consent_required", (await browser.GetAsync(flow.Url())).Parameter("error"));
    }

    [Fact]
    public async Task Question_of_another_user_or_without_the_token_of_the_form_is_no_consent()
    {
        var flow = await ClientAsync("stolen-question");
        using var browser = host.Browser();
        var page = await QuestionAsync(browser, flow);
        var question = page.Form().Fields["question"];

        using var other = host.Browser();
        await other.SignInAsync("staff", "staff-password");
        var own = await QuestionAsync(other, flow, signIn: false);
        Assert.Equal(HttpStatusCode.BadRequest, (await other.SubmitAsync(own, ("question", question), ("answer", "allow"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync(page.Form().Action, [new("question", question), new("answer", "allow")])).Status);
        Assert.Contains("<form", (await browser.GetAsync(flow.Url())).Body, StringComparison.Ordinal);
    }

    private static async Task<Browser.Answer> QuestionAsync(Browser browser, CodeFlow flow, bool signIn = true)
    {
        if (signIn)
        {
            await browser.SignInAsync("operator", "operator-password");
        }

        var page = await browser.GetAsync(flow.Url());
        Assert.Equal(HttpStatusCode.OK, page.Status);
        return page;
    }

    private async Task<CodeFlow> ClientAsync(string id)
    {
        await host.WithAsync<IOpenIddictApplicationManager, object>(async clients =>
        {
            var descriptor = new OpenIddictApplicationDescriptor();
            await clients.PopulateAsync(descriptor, (await clients.FindByClientIdAsync("demo-app"))!);
            descriptor.ClientId = id;
            descriptor.ConsentType = ConsentTypes.Explicit;
            descriptor.DisplayName = "Shop of somebody else";
            return await clients.CreateAsync(descriptor);
        });
        return host.Flow with { ClientId = id, Scope = "openid orders.read" };
    }
}
