using Microsoft.Extensions.Compliance.Classification;
using Microsoft.Extensions.Compliance.Redaction;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Platform.Redaction;
using Platform.ServiceDefaults.Redaction;

namespace Platform.ServiceDefaults.Tests.Redaction;

public sealed class ComplianceTests
{
    private static readonly DataClassification Own = new("Shop", "Contact");
    private static readonly DataClassification Others = new("Shop", "Internal");

    [Theory]
    [InlineData("j***@e***.com")]
    public void Classifications_of_both_are_redacted_and_the_rest_is_as_it_was(string masked)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddRedaction(redaction => redaction.SetRedactor<Stars>(new DataClassificationSet(Others)));
        services.AddComplianceRedaction();
        services.AddComplianceMapping(Own, PiiType.Email);
        using var provider = services.BuildServiceProvider();
        var redactors = provider.GetRequiredService<IRedactorProvider>();

        Assert.Equal(masked, redactors.GetRedactor(new PersonalAttribute(PiiType.Email).Classification).Redact("john.doe@example.com"));
        Assert.Equal(masked, redactors.GetRedactor(new DataClassificationSet(Own)).Redact("john.doe@example.com"));
        Assert.Equal("stars", redactors.GetRedactor(new DataClassificationSet(Others)).Redact("john.doe@example.com"));
        Assert.Equal("", redactors.GetRedactor(new DataClassificationSet(new DataClassification("Shop", "Unknown"))).Redact("john.doe@example.com"));
        Assert.Equal("***-***-4567", redactors.GetRedactor(new DataClassificationSet(PersonalTaxonomy.Of(PiiType.Phone))).Redact("(555) 123-4567"));
    }

    private sealed class Stars : Microsoft.Extensions.Compliance.Redaction.Redactor
    {
        public override int GetRedactedLength(ReadOnlySpan<char> input) => "stars".Length;

        public override int Redact(ReadOnlySpan<char> source, Span<char> destination)
        {
            "stars".CopyTo(destination);
            return "stars".Length;
        }
    }
}
