using Platform.FeatureFlags.Cases;

namespace Platform.FeatureFlags.Tests;

public sealed class UnleashSpecificationTests
{
    private static readonly Dictionary<string, UnleashCase> Cases =
        UnleashCase.All().Index().ToDictionary(item => $"{item.Index} {item.Item.Name}", item => item.Item, StringComparer.Ordinal);

    public static TheoryData<string> Names() => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Case_of_the_specification_holds(string name) => Assert.Null(Cases[name].Failure());
}
