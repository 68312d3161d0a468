using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Platform.Api.Tests.Support;
using Platform.Identity.Tests.Support;
using Platform.Testing;

namespace Platform.Identity.Tests.Flows;

/// <summary>The login in a real browser without JavaScript: the policy of the page, cookies on localhost and the way back to the client hold together.</summary>
public sealed class LoginPageTests(PostgresFixture postgres)
{
    private static readonly string[] Browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    [Fact]
    public async Task User_signs_in_with_javascript_off_and_comes_back_to_the_client()
    {
        await using var database = await postgres.CreateDatabaseAsync(PlatformTemplate.Seeded, TestContext.Current.CancellationToken);
        await using var server = new ApiServer(database.ConnectionString, settings: ("Platform:Identity:Issuer", "http://localhost:5100"));
        server.StartServer();
        await using var client = await StartClientAsync();
        var flow = new CodeFlow(server) { RedirectUri = $"{client.Urls.Single()}/callback" };

        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Browsers.First(File.Exists),
            Args = ["--no-sandbox", "--disable-dev-shm-usage"],
        });
        await using var context = await chromium.NewContextAsync(new() { JavaScriptEnabled = false, ViewportSize = new() { Width = 900, Height = 640 } });
        var page = await context.NewPageAsync();

        // Told of on a thread of its own, also while the test reads.
        var complaints = new ConcurrentQueue<string>();
        page.Console += (_, message) => complaints.Enqueue(message.Text);

        await page.GotoAsync(new Uri(server.ClientOptions.BaseAddress, flow.Url()).AbsoluteUri);
        Assert.Equal("Sign in - Platform", await page.TitleAsync());
        if (Environment.GetEnvironmentVariable("PLATFORM_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, "login.png") });
        }

        await page.GetByLabel("Name").FillAsync("staff");
        await page.GetByLabel("Password").FillAsync("wrong password");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        Assert.Contains("not right", await page.GetByRole(AriaRole.Alert).TextContentAsync(), StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("PLATFORM_SCREENSHOTS") is { Length: > 0 } shots)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(shots, "refused.png") });
        }

        await page.GetByLabel("Password").FillAsync("staff-password");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.WaitForURLAsync(url => url.StartsWith(flow.RedirectUri, StringComparison.Ordinal), new() { Timeout = 60_000 });
        Assert.Contains("code=", page.Url, StringComparison.Ordinal);
        Assert.DoesNotContain(complaints, text => text.Contains("Content Security Policy", StringComparison.Ordinal));
    }

    private static async Task<WebApplication> StartClientAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/callback", () => Results.Text("back"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
