using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Platform.Redaction.Tests;

public sealed class RedactionOptionsTests
{
    [Fact]
    public void Configuration_decides_for_an_audience_and_a_type()
    {
        using var services = Services(("Audiences:Telemetry:email", "Hash"), ("HashKey", Convert.ToBase64String(new byte[32])));

        Assert.Matches("^<pii:[a-p]{24}> \\*\\*\\*-\\*\\*\\*-4567$", services.GetRequiredService<Redactors>().For(RedactionAudience.Telemetry).Redact("a.b@example.com (555) 123-4567"));
    }

    [Theory]
    [InlineData("HashKey", "c2hvcnQ=")]
    [InlineData("HashKey", "not base64")]
    [InlineData("MinimumConfidence", "0")]
    [InlineData("Audiences:Public:no_such_type", "Mask")]
    public void What_cannot_be_meant_is_refused(string name, string value)
    {
        using var services = Services((name, value));

        Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<Redactors>());
    }

    private static ServiceProvider Services(params (string Name, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(of => KeyValuePair.Create($"Platform:Redaction:{of.Name}", (string?)of.Value))).Build());
        services.AddPlatformRedaction();
        return services.BuildServiceProvider();
    }
}
