using System.Text;

namespace Platform.Errors;

// Turns the path that System.Text.Json reports ($.lines[0].quantity, $['a b']) into a JSON pointer (RFC 6901): /lines/0/quantity.
internal static class JsonPointer
{
    public static string Escape(string name) => Child("", name)[1..];

    public static string FromPath(string path)
    {
        var pointer = new StringBuilder(path.Length);
        var rest = path.AsSpan();
        rest = rest.StartsWith("$") ? rest[1..] : rest;
        while (!rest.IsEmpty)
        {
            var (start, length, next) = Segment(rest);
            Append(pointer.Append('/'), rest.Slice(start, length));
            rest = rest[next..];
        }

        return pointer.ToString();
    }

    /// <summary>The pointer to a member of what another points to.</summary>
    public static string Child(string pointer, string name)
    {
        var child = new StringBuilder(pointer, pointer.Length + name.Length + 1).Append('/');
        Append(child, name);
        return child.ToString();
    }

    private static (int Start, int Length, int Next) Segment(ReadOnlySpan<char> rest)
    {
        if (rest.StartsWith("['"))
        {
            var end = rest.IndexOf("']");
            return end < 0 ? (2, rest.Length - 2, rest.Length) : (2, end - 2, end + 2);
        }

        if (rest[0] == '[')
        {
            var end = rest.IndexOf(']');
            return end < 0 ? (1, rest.Length - 1, rest.Length) : (1, end - 1, end + 1);
        }

        var start = rest[0] == '.' ? 1 : 0;
        var stop = rest[start..].IndexOfAny('.', '[');
        return stop < 0 ? (start, rest.Length - start, rest.Length) : (start, stop, start + stop);
    }

    private static void Append(StringBuilder pointer, ReadOnlySpan<char> name)
    {
        foreach (var c in name)
        {
            _ = c switch
            {
                '~' => pointer.Append("~0"),
                '/' => pointer.Append("~1"),
                _ => pointer.Append(c),
            };
        }
    }
}
