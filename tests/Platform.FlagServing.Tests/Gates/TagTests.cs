using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Platform.FeatureFlags;
using Platform.FlagServing.Tests.Support;

namespace Platform.FlagServing.Tests.Gates;

public sealed class TagTests
{
    [Fact]
    public async Task Razor_page_shows_what_the_caller_has()
    {
        await using var host = await FlagHost.StartAsync(
            app => app.MapRazorPages(), services => services.AddRazorPages().AddApplicationPart(typeof(TagTests).Assembly));
        host.With(
            new FlagDefinition { Name = "new_dashboard", Users = ["ann"] },
            new FlagDefinition
            {
                Name = "button",
                Everyone = true,
                Variants = [new VariantDefinition { Name = "red", Users = ["ann"] }, new VariantDefinition { Name = "blue", Weight = 100 }],
            });

        Assert.Equal(["new", "colourful"], await ItemsAsync(host, "ann"));
        Assert.Equal(["old", "plain"], await ItemsAsync(host, "bob"));
        Assert.DoesNotContain("<flag", await host.TextAsync("/page", "ann"), StringComparison.Ordinal);
    }

    private static async Task<string[]> ItemsAsync(FlagHost host, string user) =>
        [.. (await host.TextAsync("/page", user)).Split("<li>")[1..].Select(item => item[..item.IndexOf('<', StringComparison.Ordinal)])];
}
