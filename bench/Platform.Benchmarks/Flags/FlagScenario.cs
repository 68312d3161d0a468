using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.FeatureFilters;
using Platform.FeatureFlags;
using Platform.ServiceDefaults.FeatureFlags;

namespace Platform.Benchmarks.Flags;

/// <summary>
/// The flags that both sides are asked for: a hundred plain ones, one for 50 users, 10 groups and 50 %, and variants by three percentiles.
/// Microsoft.FeatureManagement reads them from configuration, as it does where nobody wrote a provider; ours has the same, and own flags of the
/// same meaning.
/// </summary>
internal sealed class FlagScenario : IAsyncDisposable
{
    /// <summary>More flags than a request remembers draws of, so that asking them in turn draws anew each time.</summary>
    public const int VariantFlags = 16;

    private readonly ServiceProvider _theirs;
    private readonly ServiceProvider _facade;

    public FlagScenario()
    {
        var file = JsonSerializer.SerializeToUtf8Bytes(new { feature_management = new { feature_flags = Plain().ToArray() } });
        _theirs = Provider(file, services => services.AddFeatureManagement());
        Theirs = _theirs.GetRequiredService<IVariantFeatureManager>();

        var document = FlagFormats.Import(FlagFormat.Microsoft, file).Document;
        Ours = new LiveFlags(FlagSnapshot.Compile(document with { Flags = [.. document.Flags, .. Own()] }));
        Ours.Tell(new FlagTelemetry(Microsoft.Extensions.Logging.Abstractions.NullLogger<FlagTelemetry>.Instance, logRatio: 0));
        _facade = Provider("{}"u8.ToArray(), services =>
        {
            services.AddSingleton(Ours);
            services.AddSingleton<IFlagContextAccessor>(new FixedCaller(Outsider));
            services.AddMicrosoftFeatureManagement();
        });
        Facade = _facade.GetRequiredService<IFeatureManager>();
    }

    public IVariantFeatureManager Theirs { get; }

    public LiveFlags Ours { get; }

    public IFeatureManager Facade { get; }

    public FlagContext Named { get; } = new() { UserId = "user-49", IsAuthenticated = true };

    public FlagContext Member { get; } = new() { UserId = "4711", IsAuthenticated = true, Groups = ["group-9"] };

    public FlagContext Outsider { get; } = new() { UserId = "0197a1c2-7f3e-7abc-8def-0123456789ab", IsAuthenticated = true };

    public static TargetingContext Targeting(FlagContext context) => new() { UserId = context.UserId, Groups = context.Groups };

    public async ValueTask DisposeAsync()
    {
        await _theirs.DisposeAsync();
        await _facade.DisposeAsync();
    }

    private static ServiceProvider Provider(byte[] file, Action<IServiceCollection> register)
    {
        using var stream = new MemoryStream(file);
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddJsonStream(stream).Build());
        services.AddLogging();
        register(services);
        return services.BuildServiceProvider();
    }

    private static IEnumerable<object> Plain()
    {
        for (var i = 0; i < 100; i++)
        {
            yield return new { id = $"plain-{i}", enabled = i % 2 == 0 };
        }

        yield return new
        {
            id = "microsoft-audience",
            enabled = true,
            conditions = new
            {
                client_filters = new[]
                {
                    new
                    {
                        name = "Microsoft.Targeting",
                        parameters = new
                        {
                            Audience = new
                            {
                                Users = Names("user", 50),
                                Groups = Names("group", 10).Select(name => new { Name = name, RolloutPercentage = 100 }),
                                DefaultRolloutPercentage = 50,
                            },
                        },
                    },
                },
            },
        };
        for (var i = 0; i < VariantFlags; i++)
        {
            yield return new
            {
                id = $"variants-{i}",
                enabled = true,
                variants = new[] { Variant("small"), Variant("medium"), Variant("large") },
                allocation = new
                {
                    percentile = new[]
                    {
                        new { variant = "small", from = 0, to = 20 },
                        new { variant = "medium", from = 20, to = 60 },
                        new { variant = "large", from = 60, to = 100 },
                    },
                },
            };
        }
    }

    private static IEnumerable<FlagDefinition> Own() =>
    [
        new() { Name = "on", Everyone = true },
        new() { Name = "off", Everyone = false },
        new() { Name = "audience", Users = Names("user", 50), Groups = Names("group", 10), Percent = 50 },
    ];

    private static object Variant(string name) => new { name, configuration_value = $"size of {name}" };

    private static string[] Names(string kind, int count) => [.. Enumerable.Range(0, count).Select(index => $"{kind}-{index}")];

    private sealed class FixedCaller(FlagContext caller) : IFlagContextAccessor
    {
        public FlagContext Current => caller;
    }
}
