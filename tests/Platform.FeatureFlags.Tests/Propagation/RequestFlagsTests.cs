using System.Globalization;
using System.Net;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.FeatureManagement;
using Platform.ServiceDefaults.Identity;

namespace Platform.FeatureFlags.Tests.Propagation;

/// <summary>Who a request's caller is to flags, and the cookies that keep his answers.</summary>
public sealed class RequestFlagsTests
{
    [Fact]
    public async Task Anonymous_visitor_keeps_his_bucket_by_a_signed_cookie_and_cannot_pick_one()
    {
        await using var replica = await StartAsync(new FlagDefinition { Name = "half", Percent = 50 });
        using var client = Client(replica);
        string? set = null;
        var answers = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/ask/half");
            if (set is not null)
            {
                request.Headers.Add("Cookie", set.Split(';')[0]);
            }

            using var response = await client.SendAsync(request);
            answers.Add(await response.Content.ReadAsStringAsync());
            if (response.Headers.TryGetValues("Set-Cookie", out var cookies))
            {
                Assert.Null(set);
                set = Assert.Single(cookies);
            }
        }

        Assert.Single(answers);
        Assert.Matches("^platform_visitor=[0-9a-f]{32}\\.[A-Za-z0-9_-]{22}; max-age=34560000; path=/; secure; samesite=lax; httponly$", set);

        // One signed by somebody else is as none.
        using var forged = new HttpRequestMessage(HttpMethod.Get, "/ask/half");
        forged.Headers.Add("Cookie", $"platform_visitor={new string('a', 32)}.{new string('A', 22)}");
        using var answer = await client.SendAsync(forged);
        Assert.True(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Request_that_asks_no_flag_gets_no_cookie()
    {
        await using var replica = await StartAsync(new FlagDefinition { Name = "half", Percent = 50 });
        using var client = Client(replica);
        using var response = await client.GetAsync("/plain");
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Waffles_dice_are_kept_in_its_own_cookie_with_its_attributes()
    {
        await using var replica = await StartAsync(
            new FlagDefinition { Name = "w", Origin = FlagOrigin.Waffle, Percent = 99.9m },
            new FlagDefinition { Name = "r", Origin = FlagOrigin.Waffle, Percent = 0.001m, Rollout = true },
            new FlagDefinition { Name = "t", Origin = FlagOrigin.Waffle, Testing = true });
        using var client = Client(replica);
        Assert.Matches("^dwf_w=True; expires=[^;]+ GMT; max-age=2592000; path=/; secure$", Cookie(await client.GetAsync("/ask/w"), "dwf_w"));
        Assert.Matches("^dwf_r=False; path=/; secure$", Cookie(await client.GetAsync("/ask/r"), "dwf_r"));
        Assert.Matches("^dwft_t=True; path=/$", Cookie(await client.GetAsync("/ask/t?dwft_t=1"), "dwft_t"));

        // A cookie that Django set counts.
        using var request = new HttpRequestMessage(HttpMethod.Get, "/ask/w");
        request.Headers.Add("Cookie", "dwf_w=False");
        Assert.Equal("False", await (await client.SendAsync(request)).Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("user", "sub=4711")]
    [InlineData("group", "sub=1,groups=beta")]
    [InlineData("role", "sub=1,roles=tester")]
    [InlineData("staff", "sub=1,roles=staff")]
    [InlineData("superuser", "sub=1,is_superuser=true")]
    [InlineData("authenticated", "sub=1")]
    [InlineData("claim", "sub=1,country=no")]
    [InlineData("language", "")]
    public async Task Claims_and_headers_make_the_caller(string flag, string claims)
    {
        await using var replica = await StartAsync(
            new FlagDefinition { Name = "user", Users = ["4711"] },
            new FlagDefinition { Name = "group", Groups = ["beta"] },
            new FlagDefinition { Name = "role", Roles = ["tester"] },
            new FlagDefinition { Name = "staff", Staff = true },
            new FlagDefinition { Name = "superuser", Superusers = true },
            new FlagDefinition { Name = "authenticated", Authenticated = true },
            new FlagDefinition { Name = "claim", Rules = [new RuleDefinition { Constraints = [new ConstraintDefinition { Field = "country", Operator = "IN", Values = ["no"] }] }] },
            new FlagDefinition { Name = "language", Languages = ["pt-br"] });
        using var client = Client(replica);
        client.DefaultRequestHeaders.Add("X-Claims", claims);
        client.DefaultRequestHeaders.Add("Accept-Language", flag == "language" ? "de;q=0.5, pt-BR" : "fr");
        Assert.Equal("True", await client.GetStringAsync($"/ask/{flag}"));
        client.DefaultRequestHeaders.Remove("X-Claims");
        client.DefaultRequestHeaders.Remove("Accept-Language");
        Assert.Equal("False", await client.GetStringAsync($"/ask/{flag}"));
    }

    [Fact]
    public async Task Testers_turn_own_flags_and_nobody_else_does()
    {
        await using var replica = await StartAsync(new FlagDefinition { Name = "t", Testing = true });
        using var client = Client(replica);
        Assert.Equal("False", await client.GetStringAsync("/ask/t?dwft_t=1"));
        client.DefaultRequestHeaders.Add("X-Claims", "sub=1,roles=tester");
        Assert.Equal("True", await client.GetStringAsync("/ask/t?dwft_t=1"));
    }

    [Fact]
    public async Task Microsofts_manager_answers_for_the_caller_of_the_request()
    {
        await using var replica = await StartAsync(
            new FlagDefinition { Name = "user", Users = ["4711"] },
            new FlagDefinition { Name = "m", Origin = FlagOrigin.Microsoft, Definition = JsonElement.Parse("""{"id":"m","enabled":true,"conditions":{"client_filters":[{"name":"Microsoft.Targeting","parameters":{"Audience":{"Users":["4711"]}}}]}}""") });
        using var client = Client(replica);
        foreach (var flag in (string[])["user", "m"])
        {
            Assert.Equal("False", await client.GetStringAsync($"/microsoft/{flag}"));
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/microsoft/{flag}");
            request.Headers.Add("X-Claims", "sub=4711");
            Assert.Equal("True", await (await client.SendAsync(request)).Content.ReadAsStringAsync());
        }
    }

    private static Task<Replica> StartAsync(params FlagDefinition[] flags) => Replica.StartAsync(
        postgres: null,
        configure: builder =>
        {
            builder.Services.Configure<IdentityOptions>(identity => identity.Issuer = new Uri("https://issuer.test/"));
        },
        map: app =>
        {
            app.Services.GetRequiredService<LiveFlags>().Publish(FlagSnapshot.Compile(
                Make.Document(flags), app.Services.GetRequiredService<IOptions<FeatureFlagOptions>>().Value, version: 1));
            app.Use((context, next) =>
            {
                if (context.Request.Headers["X-Claims"].ToString() is { Length: > 0 } claims)
                {
                    context.User = new ClaimsPrincipal(new ClaimsIdentity(
                        claims.Split(',').Select(claim => new Claim(claim.Split('=')[0], claim.Split('=')[1])), "test"));
                }

                return next(context);
            });
            app.MapGet("/plain", () => "plain");
            app.MapGet("/ask/{flag}", (string flag, IFeatureFlags asked, IFlagContextAccessor caller) =>
                asked.IsEnabled(flag, caller.Current).ToString(CultureInfo.InvariantCulture));
            app.MapGet("/microsoft/{flag}", async (string flag, IVariantFeatureManager manager, CancellationToken cancellationToken) =>
                (await manager.IsEnabledAsync(flag, cancellationToken)).ToString(CultureInfo.InvariantCulture));
        });

    private static HttpClient Client(Replica replica) => new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = replica.Address };

    private static string Cookie(HttpResponseMessage response, string name)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith($"{name}=", StringComparison.Ordinal));
    }
}
