using System.Globalization;
using System.Text;

namespace Platform.Errors;

/// <summary>Writes the catalogue for people to read: <c>docs/errors.md</c> is made of it.</summary>
public static class ErrorCatalogueText
{
    /// <summary>The whole catalogue as Markdown.</summary>
    public static string Markdown()
    {
        var text = new StringBuilder();
        text.Append("""
            # Errors

            Every error of REST is a problem document ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)) whose `code` is one of these and whose `type` leads to
            its page here, `/errors/<code>`; GraphQL has the same codes in `extensions.code`. The list is closed: it is made of `ErrorCode.cs`.

            | code | status | when | again? |
            |---|---|---|---|

            """);
        foreach (var code in ErrorCode.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"| [`{code.Code}`](#{Anchor(code)}) | {code.Status} | {code.Summary} | {Short(code.Retry)} |\n");
        }

        foreach (var code in ErrorCode.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {code.Code}\n**{code.Status}. {code.Title}.** {code.Summary}\n\n{code.Advice} {Long(code.Retry)}\n");
        }

        return text.ToString();
    }

    /// <summary>Whether to try again, in a sentence.</summary>
    public static string Long(RetryAdvice retry) => retry switch
    {
        RetryAdvice.AfterWait => "The same request may be sent again; nothing of it was done.",
        RetryAdvice.Repeatable => "Whether it was done is not known: only reads, and requests with an `Idempotency-Key`, are safe to repeat.",
        _ => "The same request would be refused again.",
    };

    private static string Short(RetryAdvice retry) => retry switch
    {
        RetryAdvice.AfterWait => "after `Retry-After`",
        RetryAdvice.Repeatable => "if it is safe to repeat",
        _ => "no",
    };

    private static string Anchor(ErrorCode code) => code.Code.ToLowerInvariant();
}
