namespace Platform.FeatureFlags.Tests;

/// <summary>A request made of dictionaries.</summary>
internal sealed class TestRequest : IFlagRequest
{
    public Dictionary<string, string> QueryValues { get; } = [];

    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    public Dictionary<string, string> CookieValues { get; } = [];

    public string? Query(string name) => QueryValues.GetValueOrDefault(name);

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public string? Cookie(string name) => CookieValues.GetValueOrDefault(name);
}

/// <summary>Dice that always show the same.</summary>
internal sealed class LoadedDice(double value) : Random
{
    public int Throws { get; private set; }

    public override double NextDouble()
    {
        Throws++;
        return value;
    }
}

internal static class Make
{
    public static FlagDocument Document(params FlagDefinition[] flags) => new() { Flags = flags };

    public static FlagSnapshot Snapshot(params FlagDefinition[] flags) => FlagSnapshot.Compile(Document(flags));

    public static FlagContext User(string id, params string[] groups) => new() { UserId = id, IsAuthenticated = true, Groups = groups };

    public static bool IsEnabled(this FlagSnapshot snapshot, string name, FlagContext context) => snapshot.Evaluate(name, context).Enabled;
}
