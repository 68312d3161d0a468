namespace Platform.GraphQL.Tests.Hosting;

internal static class PlatformHostExtensions
{
    /// <summary>The ids of the first items of a list.</summary>
    public static async Task<string[]> FirstIdsAsync(this PlatformHost host, string list, int count)
    {
        var answer = await host.AskAsync($"{{ {list}(first: {count}) {{ edges {{ node {{ id }} }} }} }}");
        return [.. answer.Data.GetProperty(list).GetProperty("edges").EnumerateArray().Select(e => e.GetProperty("node").GetProperty("id").GetString()!)];
    }
}
