namespace Platform.GraphQL.Tests.Limits;

/// <summary>Damages documents.</summary>
internal static class Mutation
{
    private static readonly string[] Tokens =
    [
        "{", "}", "(", ")", "[", "]", ":", "!", "$", "@", "...", "|", "=", "&", "\"", "\"\"\"", "#", ",", "\n", "\r", "\\u", "\\uD800", "\0", "\uFEFF", "é", "😀", "null",
        "true", "1", "-0", "1e999", "99999999999999999999", "0x1", "on", "fragment", "query", "mutation", "subscription", "type", "extend", "__typename", "id", "first",
        "@skip(if: true)", "@include(if: $n)", "@deprecated", "...O", "... on Query", "$id", "$missing", "{ id }", "(id: 1)", "orders", "customer", "schema",
    ];

    /// <summary>Takes pieces out, puts pieces in and moves some about, up to two times.</summary>
    public static string Of(string document, Random random)
    {
        for (var times = random.Next(3); times > 0; times--)
        {
            var at = random.Next(document.Length);
            var length = Math.Min(random.Next(1, 12), document.Length - at);
            document = random.Next(4) switch
            {
                0 => document.Remove(at, length),
                1 => document.Insert(at, $" {Tokens[random.Next(Tokens.Length)]} "),
                2 => document.Insert(random.Next(document.Length), document.Substring(at, length)),
                _ => document.Remove(at, length).Insert(at, Tokens[random.Next(Tokens.Length)]),
            };
        }

        return document.Length == 0 ? " " : document;
    }
}
