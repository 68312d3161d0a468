using System.Globalization;
using Platform.Embedded.Engine;

namespace Platform.Embedded.Output;

/// <summary>The resources with their states and addresses, as a table.</summary>
internal static class ResourceTable
{
    public static IEnumerable<string> Lines(IEnumerable<(Resource Resource, ResourceState State, string Description)> rows)
    {
        var cells = rows.Select(row => new[] { row.Resource.Name, row.State.ToString().ToLowerInvariant(), Address(row.Resource), row.Description }).Prepend(["resource", "state", "address", ""]).ToList();
        var widths = Enumerable.Range(0, 4).Select(column => cells.Max(row => row[column].Length)).ToArray();
        return cells.Select(row => "  " + string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    private static string Address(Resource resource) => resource switch
    {
        ProjectResource project => string.Join(' ', project.Endpoints.Select(endpoint => new EndpointReference(project, endpoint.Name).Url)),
        PostgresServerResource { Address: { } address } => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{address.Port}"),
        RedisResource redis => redis.EndPoint,
        _ => "",
    };
}
