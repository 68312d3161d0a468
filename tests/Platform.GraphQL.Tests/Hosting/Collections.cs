namespace Platform.GraphQL.Tests.Hosting;

/// <summary>Classes that share one service, one after another: some count its statements.</summary>
[CollectionDefinition(Name)]
public sealed class SharedPlatform : ICollectionFixture<PlatformHost>
{
    public const string Name = "shared platform";
}

/// <summary>Classes that measure what this process spends, so that nothing else may run meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
