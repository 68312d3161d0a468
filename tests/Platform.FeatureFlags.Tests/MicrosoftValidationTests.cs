using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.FeatureFilters;
using Platform.FeatureFlags.Cases;

namespace Platform.FeatureFlags.Tests;

public sealed class MicrosoftValidationTests
{
    private static readonly Dictionary<string, MicrosoftCase> Cases =
        MicrosoftCase.All().Index().ToDictionary(item => $"{item.Index} {item.Item.Name}", item => item.Item, StringComparer.Ordinal);

    public static TheoryData<string> Names() => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Case_holds_in_our_engine(string name) => Assert.Null(Cases[name].Failure());

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Case_holds_through_Microsofts_interfaces(string name)
    {
        var @case = Cases[name];
        await using var provider = FeatureManagement.Over(FlagSnapshot.Compile(@case.Import.Document));
        await Holds(@case, provider.GetRequiredService<IVariantFeatureManager>());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Case_holds_in_Microsofts_manager_over_our_definitions(string name)
    {
        var @case = Cases[name];
        await using var provider = FeatureManagement.Over(FlagSnapshot.Compile(@case.Import.Document));
        await Holds(@case, provider.GetRequiredService<FeatureManager>());
    }

    private static async Task Holds(MicrosoftCase @case, IVariantFeatureManager manager)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var context = new TargetingContext { UserId = @case.User, Groups = @case.Groups };
        if (@case.Exception is { } message)
        {
            var refused = await Assert.ThrowsAsync<FeatureManagementException>(async () => await manager.IsEnabledAsync(@case.Flag, context, cancellation));
            Assert.Equal(message, refused.Message);
            refused = await Assert.ThrowsAsync<FeatureManagementException>(async () => await manager.GetVariantAsync(@case.Flag, context, cancellation));
            Assert.Equal(message, refused.Message);
            return;
        }

        Assert.Equal(@case.ExpectedEnabled, await manager.IsEnabledAsync(@case.Flag, context, cancellation));
        var variant = await manager.GetVariantAsync(@case.Flag, context, cancellation);
        if (@case.ExpectedVariant.ValueKind == System.Text.Json.JsonValueKind.Null)
        {
            Assert.Null(variant);
        }
        else if (@case.ExpectedVariant.TryGetProperty("ConfigurationValue", out var value) && value.ValueKind == System.Text.Json.JsonValueKind.String)
        {
            Assert.Equal(value.GetString(), variant.Configuration.Get<string>());
        }
    }
}
