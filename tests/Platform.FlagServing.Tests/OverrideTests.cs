using Microsoft.AspNetCore.Builder;
using Platform.FeatureFlags;
using Platform.FlagServing.Tests.Support;
using Platform.ServiceDefaults.FeatureFlags.Gates;
using Platform.Testing.Xunit;

namespace Platform.FlagServing.Tests;

[OverrideFlag("of_the_class")]
[OverrideFlag("on_both")]
public sealed class OverrideTests
{
    private static readonly FlagContext Nobody = new();

    private readonly LiveFlags _flags = new(FlagSnapshot.Compile(new FlagDocument { Flags = [new FlagDefinition { Name = "on", Everyone = true }] }));

    [Fact]
    [OverrideFlag("new_dashboard")]
    [OverrideFlag("on", false)]
    [OverrideFlag("on_both", false)]
    public async Task Attribute_turns_flags_for_the_test_and_what_it_awaits()
    {
        Assert.True(_flags.IsEnabled("new_dashboard", Nobody));
        Assert.False(_flags.IsEnabled("on", Nobody));
        Assert.True(_flags.IsEnabled("of_the_class", Nobody));
        Assert.False(_flags.IsEnabled("on_both", Nobody));
        await Task.Yield();
        Assert.True(await Task.Run(() => _flags.IsEnabled("new_dashboard", Nobody), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Attribute_of_one_test_is_not_that_of_another()
    {
        Assert.False(_flags.IsEnabled("new_dashboard", Nobody));
        Assert.True(_flags.IsEnabled("on", Nobody));
        Assert.True(_flags.IsEnabled("on_both", Nobody));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [OverrideFlag("new_dashboard")]
    public void Attribute_counts_for_each_case(int number) => Assert.Equal(number > 0, _flags.IsEnabled("new_dashboard", Nobody));

    [Fact]
    public async Task Overrides_of_parallel_flows_do_not_meet()
    {
        using var gate = new SemaphoreSlim(0);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async number =>
        {
            using var turned = FlagOverride.Flag("raced", number % 2 == 0);
            if (number == 19)
            {
                gate.Release(19);
            }
            else
            {
                await gate.WaitAsync(TestContext.Current.CancellationToken);
            }

            await Task.Yield();
            return _flags.IsEnabled("raced", Nobody) == (number % 2 == 0);
        }));
        Assert.All(answers, Assert.True);
        Assert.False(_flags.IsEnabled("raced", Nobody));
    }

    [Fact]
    public async Task Override_reaches_a_server_in_memory()
    {
        await using var host = await FlagHost.StartAsync(app => app.MapGet("/new", () => "new").RequireFlag("new_dashboard"), inMemory: true);
        Assert.NotEqual("new", await host.TextAsync("/new"));
        using (FlagOverride.Flag("new_dashboard", true))
        {
            Assert.Equal("new", await host.TextAsync("/new"));
        }

        Assert.NotEqual("new", await host.TextAsync("/new"));
    }
}
