using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Microsoft.Playwright;
using Platform.GraphQL.Tests.Hosting;
using Platform.Identity;
using Platform.Testing;

namespace Platform.GraphQL.Tests.Ide;

/// <summary>The service on a developer's machine.</summary>
public sealed class DevelopmentHost(PostgresFixture postgres) : PlatformHost(postgres)
{
    protected override string EnvironmentName => "Development";
}

/// <summary>The service where operators have asked for the page.</summary>
public sealed class OperatorsHost(PostgresFixture postgres) : PlatformHost(postgres)
{
    protected override IEnumerable<(string Key, string Value)> Settings => [("Ide:Mode", "Operators")];
}

public sealed class IdeTests(DevelopmentHost development, OperatorsHost operators) : IClassFixture<DevelopmentHost>, IClassFixture<OperatorsHost>
{
    private static readonly string[] Sealed = ["source/package.json", "source/package-lock.json", "source/ide.jsx", "source/ide.css", "assets/ide.js", "assets/ide.css"];

    private static readonly string[] Browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    [Fact]
    public async Task Developer_gets_a_token_asks_and_subscribes_without_anything_from_elsewhere()
    {
        await using var browser = await Browser.OpenAsync(development.Url);
        var page = browser.Page;
        await page.GetByText("Add a token to begin").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a token" }).ClickAsync();
        await page.GetByLabel("Secret").FillAsync("wrong");
        await page.GetByRole(AriaRole.Button, new() { Name = "Get it", Exact = true }).ClickAsync();
        await page.GetByText("The client is not known.").WaitForAsync();
        await page.GetByLabel("Secret").FillAsync("demo-secret");
        await page.GetByRole(AriaRole.Button, new() { Name = "Get it", Exact = true }).ClickAsync();

        await page.GetByLabel("Execute query").ClickAsync();
        await page.Locator(".graphiql-response").GetByText("hasNextPage").WaitForAsync();
        Assert.Contains(TokenIssuer.Subject, await page.Locator("select").First.InnerTextAsync(), StringComparison.Ordinal);
        await browser.ScreenshotAsync("graphiql");
        await page.GetByLabel("Show Documentation Explorer").ClickAsync();
        await page.GetByText("Subscription").First.WaitForAsync();
        await browser.ScreenshotAsync("graphiql-docs");

        await page.GetByLabel("Hide Documentation Explorer").ClickAsync();
        await page.EvaluateAsync(
            "text => document.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror.setValue(text)", "subscription { orderPlaced { kind order { id } } }");
        await page.GetByLabel("Execute query").ClickAsync();
        await PlaceUntilAsync(page.Locator(".graphiql-response").GetByText("PLACED").First);
        await browser.ScreenshotAsync("graphiql-subscription");

        Assert.Empty(browser.Complaints);
        Assert.All(browser.Asked, address => Assert.Equal(development.Url.Authority, address.Authority));
    }

    [Fact]
    public async Task Operator_uses_it_with_a_token_that_has_the_permission_and_nobody_else_does()
    {
        await using var browser = await Browser.OpenAsync(operators.Url);
        var page = browser.Page;
        await AddAsync(page, operators.Token(ApiScopes.CatalogRead));
        await page.GetByText("This page is for operators").WaitForAsync();
        Assert.Equal(0, await page.Locator(".graphiql-container").CountAsync());
        await AddAsync(page, operators.Token());
        await page.GetByLabel("Execute query").WaitForAsync();

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(operators.Url, "/graphiql/token"));
        request.Headers.Authorization = new("Bearer", operators.Token());
        using var token = await operators.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, token.StatusCode);
        Assert.Equal(0, await page.Locator("input[name=client_secret]").CountAsync());
    }

    [Fact]
    public async Task Page_says_what_it_may_load_and_its_files_are_kept_for_good()
    {
        // Where the bare address leads to.
        using var page = await development.Http.GetAsync(new Uri(development.Url, "/"), TestContext.Current.CancellationToken);
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var script = html.Split("src=\"")[1].Split('"')[0];
        using var file = await development.Http.GetAsync(new Uri(development.Url, script), TestContext.Current.CancellationToken);
        using var other = await development.Http.GetAsync(new Uri(development.Url, script.Replace("assets/", "assets/0", StringComparison.Ordinal)), TestContext.Current.CancellationToken);

        Assert.StartsWith("default-src 'none'; script-src 'self';", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("http", html.Replace("http-equiv", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("immutable", file.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }

    [Fact]
    public async Task Committed_files_are_what_their_source_was_built_to()
    {
        var folder = Path.Combine(Repository.Root, "Platform.GraphQL", "Ide");
        using var all = new MemoryStream();
        foreach (var name in Sealed)
        {
            await all.WriteAsync(await File.ReadAllBytesAsync(Path.Combine(folder, name), TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        }

        var sealedAs = await File.ReadAllTextAsync(Path.Combine(folder, "assets", "built-from.sha256"), TestContext.Current.CancellationToken);
        Assert.True(
            sealedAs.Trim() == Convert.ToHexStringLower(SHA256.HashData(all.GetBuffer().AsSpan(0, (int)all.Length))),
            "Ide/source or Ide/assets was changed without the other: npm ci && npm run build in Ide/source.");
    }

    /// <summary>The long form, with <c>GRAPHQL_IDE_REBUILD=1</c>: builds the page anew from npm, byte by byte the same.</summary>
    [Fact]
    public async Task Committed_files_come_out_of_npm_again()
    {
        if (Environment.GetEnvironmentVariable("GRAPHQL_IDE_REBUILD") is not "1")
        {
            return;
        }

        var folder = Path.Combine(Repository.Root, "Platform.GraphQL", "Ide");
        var copy = Directory.CreateTempSubdirectory("ide");
        try
        {
            foreach (var file in Directory.GetFiles(Path.Combine(folder, "source")))
            {
                File.Copy(file, Path.Combine(copy.FullName, Path.GetFileName(file)));
            }

            await new NodeFolder(copy.FullName).RunAsync("npm", ["run", "bundle", "--", "--outdir=out"], cancellationToken: TestContext.Current.CancellationToken);
            foreach (var name in new[] { "ide.js", "ide.css" })
            {
                Assert.Equal(
                    await File.ReadAllBytesAsync(Path.Combine(folder, "assets", name), TestContext.Current.CancellationToken),
                    await File.ReadAllBytesAsync(Path.Combine(copy.FullName, "out", name), TestContext.Current.CancellationToken));
            }
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    private async Task PlaceUntilAsync(ILocator shown)
    {
        var (customer, product) = ((await development.FirstIdsAsync("customers", 1))[0], (await development.FirstIdsAsync("products", 1))[0]);
        var variables = new { input = new { customerId = customer, lines = new[] { new { productId = product, quantity = 1 } } } };
        await Eventually.BecomesTrueAsync(async () =>
        {
            await development.AskAsync("mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id } } }", variables);
            return await shown.IsVisibleAsync();
        });
    }

    private static async Task AddAsync(IPage page, string token)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a token" }).ClickAsync();
        await page.GetByLabel("Access token").FillAsync(token);
        await page.GetByRole(AriaRole.Button, new() { Name = "Use it" }).ClickAsync();
    }

    /// <summary>One page in Chromium, and what it asked for and complained about.</summary>
    private sealed class Browser(IPlaywright playwright, IBrowser chromium, IPage page) : IAsyncDisposable
    {
        public IPage Page => page;

        // Told of on a thread of its own, also while the test reads.
        public ConcurrentQueue<string> Complaints { get; } = [];

        public ConcurrentQueue<Uri> Asked { get; } = [];

        public static async Task<Browser> OpenAsync(Uri service)
        {
            var playwright = await Playwright.CreateAsync();
            var chromium = await playwright.Chromium.LaunchAsync(new()
            {
                ExecutablePath = Browsers.First(File.Exists),
                Args = ["--no-sandbox", "--disable-dev-shm-usage"],
            });
            var page = await chromium.NewPageAsync(new() { ViewportSize = new() { Width = 1280, Height = 800 } });
            page.SetDefaultTimeout(60_000);
            var browser = new Browser(playwright, chromium, page);
            page.Console += (_, message) => browser.Note(message.Type, message.Text);
            page.PageError += (_, error) => browser.Complaints.Enqueue(error);
            page.Request += (_, request) => browser.Note(request.Url);
            await page.GotoAsync(new Uri(service, "/graphiql").AbsoluteUri);
            return browser;
        }

        public async Task ScreenshotAsync(string name)
        {
            if (Environment.GetEnvironmentVariable("PLATFORM_SCREENSHOTS") is { Length: > 0 } folder)
            {
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png") });
            }
        }

        public async ValueTask DisposeAsync()
        {
            await chromium.CloseAsync();
            playwright.Dispose();
        }

        // A token that is refused is a failed request in the console as well.
        private void Note(string type, string text)
        {
            if (type == "error" && !text.Contains("401", StringComparison.Ordinal))
            {
                Complaints.Enqueue(text);
            }
        }

        private void Note(string url)
        {
            if (!url.StartsWith("data:", StringComparison.Ordinal) && !url.StartsWith("blob:", StringComparison.Ordinal))
            {
                Asked.Enqueue(new Uri(url));
            }
        }
    }
}
