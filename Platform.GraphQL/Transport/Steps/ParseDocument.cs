using GraphQLParser;
using GraphQLParser.Exceptions;
using Microsoft.Extensions.Options;
using Platform.Errors;

namespace Platform.GraphQL.Transport.Steps;

/// <summary>
/// Parses the document (GraphQL specification, section 2), after its size and its tokens are found to be within the limits: what is
/// too large costs no more than the tokens that are allowed.
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
        if (text.Length > _options.MaxDocumentLength)
        {
            return TooLarge($"A document has at most {_options.MaxDocumentLength} characters.");
        }

        if (LongestLine(text) > _options.MaxLineLength)
        {
            return TooLarge($"A line of a document has at most {_options.MaxLineLength} characters.");
        }

        try
        {
            if (HasMoreTokens(text, _options.MaxTokens))
            {
                return TooLarge($"A document has at most {_options.MaxTokens} tokens.");
            }

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

    private static Refusal TooLarge(string message) => Refusal.Document(ErrorCode.ComplexityLimitExceeded, message);

    private static bool HasMoreTokens(ROM source, int limit)
    {
        var position = 0;
        for (var count = 0; count <= limit; count++)
        {
            var token = Lexer.Lex(source, position);
            if (token.Kind == TokenKind.EOF)
            {
                return false;
            }

            position = token.End;
        }

        return true;
    }

    private static int LongestLine(ReadOnlySpan<char> text)
    {
        var longest = 0;
        while (true)
        {
            var end = text.IndexOf('\n');
            if (end < 0)
            {
                return Math.Max(longest, text.Length);
            }

            longest = Math.Max(longest, end);
            text = text[(end + 1)..];
        }
    }
}
