using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.FeatureFilters;

namespace Platform.FeatureFlags.Tests;

/// <summary>Flags of every origin through the interfaces of Microsoft.FeatureManagement.</summary>
public sealed class FeatureManagementTests
{
    private static readonly CancellationToken Cancellation = CancellationToken.None;

    [Fact]
    public async Task Own_flags_answer_with_variant_through_Microsofts_interfaces()
    {
        var value = System.Text.Json.JsonDocument.Parse("""{"size":5}""").RootElement;
        await using var provider = FeatureManagement.Over(Make.Snapshot(new FlagDefinition
        {
            Name = "own",
            Users = ["ann"],
            Variants = [new VariantDefinition { Name = "big", Weight = 100, Value = value }],
        }));
        var ann = new TargetingContext { UserId = "ann" };
        foreach (var manager in new IVariantFeatureManager[] { provider.GetRequiredService<IVariantFeatureManager>() })
        {
            Assert.True(await manager.IsEnabledAsync("own", ann, Cancellation));
            Assert.False(await manager.IsEnabledAsync("own", new TargetingContext { UserId = "bob" }, Cancellation));
            var variant = await manager.GetVariantAsync("own", ann, Cancellation);
            Assert.Equal("big", variant.Name);
            Assert.Equal(5, variant.Configuration.GetValue<int>("size"));
        }

        Assert.True(await provider.GetRequiredService<IFeatureManager>().IsEnabledAsync("own", ann));
        Assert.True(await provider.GetRequiredService<FeatureManager>().IsEnabledAsync("own", ann));
        Assert.False(await provider.GetRequiredService<IFeatureManager>().IsEnabledAsync("unknown", ann));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Present_caller_comes_from_our_accessor_or_from_Microsofts(bool ours)
    {
        await using var provider = FeatureManagement.Over(Make.Snapshot(new FlagDefinition { Name = "own", Users = ["ann"] }), services =>
        {
            if (ours)
            {
                services.AddSingleton<IFlagContextAccessor>(new Accessor());
            }
            else
            {
                services.AddSingleton<ITargetingContextAccessor>(new Accessor());
            }
        });
        Assert.True(await provider.GetRequiredService<IFeatureManager>().IsEnabledAsync("own"));
        Assert.True(await provider.GetRequiredService<IVariantFeatureManager>().IsEnabledAsync("own", Cancellation));
        Assert.True(await provider.GetRequiredService<FeatureManager>().IsEnabledAsync("own"));
    }

    [Fact]
    public async Task Override_reaches_code_that_asks_Microsofts_interface()
    {
        await using var provider = FeatureManagement.Over(Make.Snapshot(new FlagDefinition { Name = "own" }));
        using var scope = provider.GetRequiredService<LiveFlags>().Override("own", true);
        Assert.True(await provider.GetRequiredService<IFeatureManager>().IsEnabledAsync("own", new TargetingContext()));
    }

    [Fact]
    public async Task Filter_of_the_hosts_own_is_asked_with_its_parameters()
    {
        var import = FlagFormats.Import(
            FlagFormat.Microsoft,
            """{"feature_management":{"feature_flags":[{"id":"browser","enabled":true,"conditions":{"client_filters":[{"name":"Browser","parameters":{"Allowed":["edge"]}}]}}]}}"""u8.ToArray());
        await using var provider = FeatureManagement.Over(
            FlagSnapshot.Compile(import.Document), services => services.AddFeatureManagement().AddFeatureFilter<BrowserFilter>());
        Assert.True(await provider.GetRequiredService<IFeatureManager>().IsEnabledAsync("browser"));
    }

    [Fact]
    public async Task New_snapshot_is_seen_at_once()
    {
        await using var provider = FeatureManagement.Over(Make.Snapshot(new FlagDefinition { Name = "own", Everyone = true }));
        var manager = provider.GetRequiredService<FeatureManager>();
        Assert.True(await manager.IsEnabledAsync("own"));
        provider.GetRequiredService<LiveFlags>().Publish(Make.Snapshot(new FlagDefinition { Name = "own", Killed = true }, new FlagDefinition { Name = "two" }));
        Assert.False(await manager.IsEnabledAsync("own"));
        Assert.Equal(["own", "two"], await Names(manager));
    }

    private static async Task<string[]> Names(FeatureManager manager)
    {
        var names = new List<string>();
        await foreach (var name in manager.GetFeatureNamesAsync(Cancellation))
        {
            names.Add(name);
        }

        return [.. names.Order(StringComparer.Ordinal)];
    }

    private sealed class Accessor : IFlagContextAccessor, ITargetingContextAccessor
    {
        public FlagContext Current => new() { UserId = "ann" };

        public ValueTask<TargetingContext> GetContextAsync() => new(new TargetingContext { UserId = "ann" });
    }

    [FilterAlias("Browser")]
    private sealed class BrowserFilter : IFeatureFilter
    {
        public Task<bool> EvaluateAsync(FeatureFilterEvaluationContext context) =>
            Task.FromResult(context.Parameters.GetSection("Allowed").Get<string[]>() is ["edge"]);
    }
}
