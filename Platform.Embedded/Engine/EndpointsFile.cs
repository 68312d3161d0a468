using System.Text.Encodings.Web;
using System.Text.Json;
using Platform.Embedded.Folders;

namespace Platform.Embedded.Engine;

/// <summary>
/// Tells other programs where the resources are, as one JSON object: the URL of each project, the connection string of
/// PostgreSQL's first database, host and port of Redis, and <c>pid</c>, this process. It is there while everything is ready.
/// </summary>
internal static class EndpointsFile
{
    // Connection strings are for people too: no \u0027 where a quote will do.
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(string path, IReadOnlyList<Resource> resources)
    {
        Dictionary<string, object> content = [];
        foreach (var resource in resources)
        {
            if (Address(resource) is { } address)
            {
                content[resource.Name] = address;
            }
        }
        content["pid"] = Environment.ProcessId;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        PrivateFile.Write(path, JsonSerializer.Serialize(content, Readable), owner: null);
    }

    /// <summary>Removes the file, unless another AppHost has written it anew.</summary>
    public static void Remove(string path)
    {
        try
        {
            using (var document = JsonDocument.Parse(File.ReadAllText(path)))
            {
                if (document.RootElement.GetProperty("pid").GetInt32() != Environment.ProcessId)
                {
                    return;
                }
            }
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or JsonException or KeyNotFoundException)
        {
            // Not there, or not ours.
        }
    }

    private static string? Address(Resource resource) => resource switch
    {
        ProjectResource { Endpoints: [var endpoint, ..] } project => new EndpointReference(project, endpoint.Name).Url,
        PostgresServerResource postgres => postgres.Require().ConnectionString(postgres.Databases.FirstOrDefault()?.DatabaseName),
        RedisResource redis => redis.EndPoint,
        _ => null,
    };
}
