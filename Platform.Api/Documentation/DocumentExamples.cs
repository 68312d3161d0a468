using System.Text.Json.Nodes;

namespace Platform.Api.Documentation;

/// <summary>Examples of bodies, by the name of their schema: <c>examples.json</c>.</summary>
internal static class DocumentExamples
{
    private static readonly Lazy<JsonObject> All = new(() =>
    {
        using var stream = typeof(DocumentExamples).Assembly.GetManifestResourceStream("Platform.Api.examples.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    });

    /// <summary>An example of a schema; null when there is none.</summary>
    public static JsonNode? Of(string schema)
    {
        // The document is made once at a time and the nodes are read only: a copy each, as a node has one parent.
        return All.Value[schema]?.DeepClone();
    }
}
