using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.FeatureFilters;

namespace Platform.FeatureFlags.Tests;

/// <summary>Our engine beside Microsoft.FeatureManagement, on the same file and the same callers.</summary>
public sealed class MicrosoftParityTests
{
    // Hundred thousand: PLATFORM_FLAG_DRAWS=100000 dotnet test ...
    private static readonly int Draws = int.Parse(Environment.GetEnvironmentVariable("PLATFORM_FLAG_DRAWS") ?? "15000", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Random_draws_are_the_same_as_Microsofts()
    {
        const int flags = 100;
        var random = new Random(20261124);
        var file = RandomMicrosoftFlags.File(random, flags, TimeProvider.System.GetUtcNow());
        var import = FlagFormats.Import(FlagFormat.Microsoft, file);
        Assert.Empty(import.Problems);
        var ours = FlagSnapshot.Compile(import.Document);
        await using var provider = FeatureManagement.Alone(file);
        var theirs = provider.GetRequiredService<IVariantFeatureManager>();
        var cancellation = TestContext.Current.CancellationToken;
        var (on, variants) = (0, 0);
        for (var i = 0; i < Draws; i++)
        {
            var flag = $"flag-{random.Next(flags)}";
            var user = RandomMicrosoftFlags.User(random);
            var groups = RandomMicrosoftFlags.SomeGroups(random);
            var targeting = new TargetingContext { UserId = user, Groups = groups };
            var decision = ours.Evaluate(flag, new FlagContext { UserId = user, Groups = groups });

            var enabled = await theirs.IsEnabledAsync(flag, targeting, cancellation);
            var variant = await theirs.GetVariantAsync(flag, targeting, cancellation);
            if (enabled != decision.Enabled || variant?.Name != decision.Variant?.Name)
            {
                Assert.Fail($"{flag} for {user} in {string.Join(',', groups)}: {enabled} {variant?.Name}, ours {decision.Enabled} {decision.Variant?.Name}");
            }

            on += decision.Enabled ? 1 : 0;
            variants += decision.Variant is null ? 0 : 1;
        }

        // Answers that are all alike would show nothing.
        Assert.InRange(on, Draws / 4, Draws * 3 / 4);
        Assert.InRange(variants, Draws / 4, Draws * 3 / 4);
    }

    [Fact]
    public async Task Random_time_windows_are_open_when_Microsofts_are()
    {
        const int files = 15;
        const int windows = 100;
        var random = new Random(7);
        var open = 0;
        for (var i = 0; i < files; i++)
        {
            open += await CompareWindows(random, windows);
        }

        Assert.InRange(open, files * windows / 10, files * windows * 9 / 10);
    }

    private static async Task<int> CompareWindows(Random random, int count)
    {
        var now = TimeProvider.System.GetUtcNow();
        var file = JsonSerializer.SerializeToUtf8Bytes(new
        {
            feature_management = new
            {
                feature_flags = Enumerable.Range(0, count).Select(index => new
                {
                    id = $"flag-{index}",
                    enabled = true,
                    conditions = new { client_filters = new[] { new { name = "Microsoft.TimeWindow", parameters = RandomMicrosoftFlags.Window(random, now) } } },
                }).ToArray(),
            },
        });
        var document = FlagFormats.Import(FlagFormat.Microsoft, file).Document;
        var ours = FlagSnapshot.Compile(document);
        var invalid = ours.Problems.Select(problem => problem.Pointer.Split('/')[2]).ToHashSet();
        await using var provider = FeatureManagement.Alone(file);
        var theirs = provider.GetRequiredService<IVariantFeatureManager>();
        var open = 0;
        for (var i = 0; i < count; i++)
        {
            if (invalid.Contains($"{i}"))
            {
                await Assert.ThrowsAsync<ArgumentException>(async () => await theirs.IsEnabledAsync($"flag-{i}", TestContext.Current.CancellationToken));
                continue;
            }

            var decision = ours.Evaluate($"flag-{i}", new FlagContext());
            Assert.True(
                await theirs.IsEnabledAsync($"flag-{i}", TestContext.Current.CancellationToken) == decision.Enabled,
                document.Flags[i].Definition!.Value.GetRawText());
            open += decision.Enabled ? 1 : 0;
        }

        return open;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Case_is_ignored_where_Microsofts_option_says_so(bool ignoreCase)
    {
        var random = new Random(3);
        var file = RandomMicrosoftFlags.File(random, 50, TimeProvider.System.GetUtcNow());
        var ours = FlagSnapshot.Compile(
            FlagFormats.Import(FlagFormat.Microsoft, file).Document, new FeatureFlagOptions { MicrosoftIgnoreCase = ignoreCase });
        await using var provider = FeatureManagement.Alone(file, services => services.Configure<TargetingEvaluationOptions>(options => options.IgnoreCase = ignoreCase));
        var theirs = provider.GetRequiredService<IVariantFeatureManager>();
        for (var i = 0; i < 5_000; i++)
        {
            var flag = $"flag-{random.Next(50)}";
            var user = RandomMicrosoftFlags.User(random);
            user = random.Next(2) == 0 ? user.ToUpperInvariant() : user;
            string[] groups = [.. RandomMicrosoftFlags.SomeGroups(random).Select(group => random.Next(2) == 0 ? group.ToUpperInvariant() : group)];
            var targeting = new TargetingContext { UserId = user, Groups = groups };
            var decision = ours.Evaluate(flag, new FlagContext { UserId = user, Groups = groups });
            Assert.Equal(await theirs.IsEnabledAsync(flag, targeting, TestContext.Current.CancellationToken), decision.Enabled);
            Assert.Equal((await theirs.GetVariantAsync(flag, targeting, TestContext.Current.CancellationToken))?.Name, decision.Variant?.Name);
        }
    }
}
