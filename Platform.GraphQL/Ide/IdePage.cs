using System.Text.Encodings.Web;
using System.Text.Json;

namespace Platform.GraphQL.Ide;

/// <summary>The page around GraphiQL. It holds no secret and no data: those come with the reader's tokens.</summary>
internal static class IdePage
{
    /// <summary>What the page may load: itself. The editor sets styles by script.</summary>
    public const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    private const string Query = """
        # Each request runs with the token that is chosen above.
        {
          products(first: 3) {
            edges { node { id name price { amount currency } } }
            pageInfo { hasNextPage endCursor }
          }
        }

        """;

    /// <summary>Writes the page.</summary>
    /// <param name="settings">What its script is to know.</param>
    public static string Write(IdeSettings settings)
    {
        var content = HtmlEncoder.Default.Encode(JsonSerializer.Serialize(settings with { Query = Query }, JsonSerializerOptions.Web));
        return $"""
            <!doctype html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width">
              <title>Platform GraphQL</title>
              <meta name="platform-ide" content="{content}">
              <link rel="icon" href="data:,">
              <link rel="stylesheet" href="{Address("ide.css")}">
              <script src="{Address("ide.js")}" defer></script>
            </head>
            <body><div id="ide"></div></body>
            </html>
            """;
    }

    private static string Address(string name) => $"{IdeExtensions.Path}/assets/{IdeAssets.Find(name)!.Hash}/{name}";
}

/// <summary>What the page's script is told.</summary>
/// <param name="Endpoint">Where GraphQL is.</param>
/// <param name="Access">Where it asks whether a token may use the page.</param>
/// <param name="Tokens">Where it gets tokens for clients; null where it may not.</param>
/// <param name="OperatorsOnly">Whether a token has to be an operator's.</param>
internal sealed record IdeSettings(string Endpoint, string Access, string? Tokens, bool OperatorsOnly)
{
    /// <summary>What stands in the editor at first.</summary>
    public string Query { get; init; } = "";
}
