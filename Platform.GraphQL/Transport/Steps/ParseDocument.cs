using GraphQLParser;
using GraphQLParser.Exceptions;
using Microsoft.Extensions.Options;
using Platform.Errors;
using Platform.GraphQL.Limits;

namespace Platform.GraphQL.Transport.Steps;

/// <summary>
/// Parses the document (GraphQL specification, section 2), after its text is found to be within the limits: what is too large is
/// not built.
/// </summary>
internal sealed class ParseDocument(IOptions<GraphQLOptions> options) : ITransportStep
{
    private readonly GraphQLOptions _options = options.Value;

    public ValueTask<Refusal?> RunAsync(GraphQLExchange exchange, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Parse(exchange));

    private Refusal? Parse(GraphQLExchange exchange)
    {
        if (exchange.Prepared is { } prepared)
        {
            exchange.Document = prepared.Document;
            return null;
        }

        var text = WithLineFeeds(exchange.Text);
        if (DocumentScan.Check(text, _options) is { } refusal)
        {
            return refusal;
        }

        try
        {
            exchange.Document = Parser.Parse(text, new ParserOptions { Ignore = IgnoreOptions.Comments });
            return null;
        }
        catch (GraphQLMaxDepthExceededException)
        {
            return Refusal.Document(ErrorCode.QueryDepthExceeded, "The document nests too deep to be read.");
        }
        catch (GraphQLSyntaxErrorException e)
        {
            return Refusal.Document(ErrorCode.InvalidInput, $"Syntax error: {e.Description}", e.Location);
        }
    }

    // Section 2.1.4: all three are line terminators. The parser counts a lone carriage return as one, and then does not find the line.
    private static string WithLineFeeds(string text) =>
        text.Contains('\r', StringComparison.Ordinal) ? text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n') : text;
}
