using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.FeatureManagement.Mvc;
using Platform.Errors;
using Platform.FeatureFlags;
using Platform.FeatureFlags.Gates;
using Platform.FlagServing.Tests.Support;
using Platform.ServiceDefaults.FeatureFlags.Gates;

namespace Platform.FlagServing.Tests.Gates;

public sealed class EndpointGateTests
{
    private static readonly Flag<bool> Declared = Flag.Declare("declared");

    private static FlagDefinition On(string name) => new() { Name = name, Everyone = true };

    private static FlagDefinition For(string name, params string[] users) => new() { Name = name, Users = users };

    [Fact]
    public async Task Endpoint_behind_a_flag_is_not_there_for_callers_who_lack_it()
    {
        await using var host = await FlagHost.StartAsync(app => app.MapGet("/new", () => "new").RequireFlag("new_dashboard"));
        host.With(For("new_dashboard", "ann"));

        Assert.Equal("new", await host.TextAsync("/new", user: "ann"));
        using var refused = await host.GetAsync("/new", user: "bob");
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no-store", refused.Headers.CacheControl?.ToString());
        var gated = FlagHost.Json(await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var nothing = FlagHost.Json(await host.TextAsync("/nothing", user: "bob"));

        // Not to be told from an address that does not exist.
        foreach (var member in new[] { "type", "title", "status", "detail", "code" })
        {
            Assert.Equal(nothing.GetProperty(member).GetRawText(), gated.GetProperty(member).GetRawText());
        }
    }

    [Fact]
    public async Task Gate_closes_again_with_the_next_snapshot()
    {
        await using var host = await FlagHost.StartAsync(app => app.MapGet("/new", () => "new").RequireFlag(Declared));
        host.With(On("declared"));
        Assert.Equal("new", await host.TextAsync("/new"));
        host.With();
        using var refused = await host.GetAsync("/new");
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
    }

    [Fact]
    public async Task Group_and_endpoint_both_have_to_be_open_and_a_bang_negates()
    {
        await using var host = await FlagHost.StartAsync(app =>
        {
            var group = app.MapGroup("/beta").RequireFlag("beta");
            group.MapGet("/open", () => "open");
            group.MapGet("/more", () => "more").RequireFlag("more");
            app.MapGet("/old", () => "old").RequireFlag("!beta");
        });
        host.With(On("beta"));
        Assert.Equal("open", await host.TextAsync("/beta/open"));
        Assert.Contains("RESOURCE_NOT_FOUND", await host.TextAsync("/beta/more"), StringComparison.Ordinal);
        Assert.Contains("RESOURCE_NOT_FOUND", await host.TextAsync("/old"), StringComparison.Ordinal);

        host.With(On("beta"), On("more"));
        Assert.Equal("more", await host.TextAsync("/beta/more"));

        host.With(On("more"));
        Assert.Contains("RESOURCE_NOT_FOUND", await host.TextAsync("/beta/open"), StringComparison.Ordinal);
        Assert.Contains("RESOURCE_NOT_FOUND", await host.TextAsync("/beta/more"), StringComparison.Ordinal);
        Assert.Equal("old", await host.TextAsync("/old"));
    }

    [Fact]
    public async Task Status_is_the_gates_own_or_the_configured_one()
    {
        await using var host = await FlagHost.StartAsync(
            app =>
            {
                app.MapGet("/own", () => "").RequireFlag("off", StatusCodes.Status403Forbidden);
                app.MapGet("/configured", () => "").RequireFlag("off");
                app.MapGet("/moved", () => "").RequireFlagOrRedirect("off", "/elsewhere");
            },
            settings: new() { ["Platform:FeatureFlags:Gates:Status"] = "503" });

        using var own = await host.GetAsync("/own");
        Assert.Equal(HttpStatusCode.Forbidden, own.StatusCode);
        using var configured = await host.GetAsync("/configured");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, configured.StatusCode);
        Assert.Equal("application/problem+json", configured.Content.Headers.ContentType?.MediaType);
        using var moved = await host.GetAsync("/moved");
        Assert.Equal(HttpStatusCode.Redirect, moved.StatusCode);
        Assert.Equal("/elsewhere", moved.Headers.Location?.OriginalString);
        Assert.Equal("no-store", moved.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task Gate_comes_after_authorization_so_that_it_knows_the_caller()
    {
        await using var host = await FlagHost.StartAsync(app => app.MapGet("/new", () => "new").RequireAuthorization().RequireFlag("new_dashboard"));
        host.With(For("new_dashboard", "ann"));
        using var anonymous = await host.GetAsync("/new");
        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
        Assert.Equal("new", await host.TextAsync("/new", user: "ann"));
    }

    [Fact]
    public async Task Microsofts_feature_gate_stands_on_the_same_flags()
    {
        await using var host = await FlagHost.StartAsync(
            app => app.MapControllers(), services => services.AddControllers().AddApplicationPart(typeof(EndpointGateTests).Assembly));
        host.With(For("new_dashboard", "ann"));
        Assert.Equal("gated", await host.TextAsync("/gated", user: "ann"));
        using var refused = await host.GetAsync("/gated", user: "bob");
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
    }

    [Fact]
    public async Task Controllers_are_gated_as_endpoints()
    {
        await using var host = await FlagHost.StartAsync(
            app => app.MapControllers().RequireFlag("controllers"), services => services.AddControllers().AddApplicationPart(typeof(EndpointGateTests).Assembly));
        host.With(On("new_dashboard"), For("controllers", "ann"));
        Assert.Equal("gated", await host.TextAsync("/gated", user: "ann"));
        Assert.Contains("RESOURCE_NOT_FOUND", await host.TextAsync("/gated", user: "bob"), StringComparison.Ordinal);
    }

    [Fact]
    public void Code_that_is_called_refuses_as_if_there_were_nothing()
    {
        IFeatureFlags flags = new LiveFlags(FlagSnapshot.Compile(new FlagDocument { Flags = [For("new_dashboard", "ann")] }));
        flags.Require("new_dashboard", new FlagContext { UserId = "ann" });
        flags.Require("!new_dashboard", new FlagContext { UserId = "bob" });
        var refusal = Assert.Throws<ErrorException>(() => flags.Require("new_dashboard", new FlagContext { UserId = "bob" }));
        Assert.Same(ErrorCode.ResourceNotFound, refusal.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("!")]
    [InlineData(" ")]
    public void Gate_without_a_name_is_a_mistake_of_the_program(string gate) => Assert.Throws<ArgumentException>(() => FlagGate.Parse(gate));
}

[ApiController]
public sealed class GatedController : ControllerBase
{
    [HttpGet("/gated")]
    [FeatureGate("new_dashboard")]
    public ActionResult<string> Get() => Content("gated");
}
