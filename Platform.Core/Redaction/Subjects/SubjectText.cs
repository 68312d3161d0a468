using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Redaction.Masking;

namespace Platform.Redaction.Subjects;

/// <summary>Takes a person out of texts and JSON.</summary>
public static class SubjectText
{
    // A shorter one says nothing of anybody.
    private const int LeastIdentifier = 3;

    // A number of as many digits is a telephone's, and no quantity.
    private const int LeastDigits = 6;

    private static readonly Redactor Erasing = new(new PiiDetector(), RedactionPolicy.For(RedactionAudience.Public));

    /// <summary>
    /// What of the person is worth looking for everywhere: addresses, numbers, and names of two words and more, also with the family name first. A name of one word may
    /// be anybody's, or a word of the language: it goes only from what is about the person.
    /// </summary>
    public static IEnumerable<string> Identifiers(DataSubject subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return subject.Identifiers.SelectMany(Orders).Where(IsTelling).Distinct(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The text without the person's identifiers where they stand as whole words, in any case of letters.</summary>
    /// <param name="text">The text.</param>
    /// <param name="subject">The person.</param>
    /// <param name="isAbout">Whether the text is known to be about the person: then each word of the name goes too, which elsewhere may be anybody's.</param>
    public static string Erase(string text, DataSubject subject, bool isAbout = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Erase(text, new Sought(subject), isAbout);
    }

    /// <summary>
    /// Takes the person's identifiers out of all texts, and all personal data out of objects that are about the person: those with a member that is
    /// the person's id. So values go that the person had before, and those of others stay. Ids stay.
    /// </summary>
    /// <returns>Whether anything was changed.</returns>
    public static bool Erase(JsonNode? node, DataSubject subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return Erase(node, new Sought(subject), isAbout: false);
    }

    // Jane Doe is also written Doe, Jane and Doe Jane.
    private static IEnumerable<string> Orders(string identifier)
    {
        yield return identifier;
        if (IsName(identifier) && identifier.LastIndexOf(' ') is > 0 and var space)
        {
            var (given, family) = (identifier[..space], identifier[(space + 1)..]);
            yield return $"{family}, {given}";
            yield return $"{family} {given}";
        }
    }

    private static bool IsTelling(string identifier) =>
        identifier.Length >= LeastIdentifier
        && (!IsName(identifier) || identifier.Trim().Contains(' ', StringComparison.Ordinal) || identifier.Count(char.IsAsciiDigit) >= LeastDigits);

    // Ann is not in planning.
    private static string EraseWhole(string text, string word)
    {
        var from = 0;
        while (from < text.Length && text.IndexOf(word, from, StringComparison.OrdinalIgnoreCase) is >= 0 and var at)
        {
            var end = at + word.Length;
            var isWhole = (at == 0 || !char.IsLetterOrDigit(text[at - 1]) || !char.IsLetterOrDigit(word[0]))
                && (end == text.Length || !char.IsLetterOrDigit(text[end]) || !char.IsLetterOrDigit(word[^1]));
            text = isWhole ? $"{text.AsSpan(0, at)}{Mask.Erased}{text.AsSpan(end)}" : text;
            from = isWhole ? at + Mask.Erased.Length : end;
        }

        return text;
    }

    private static bool IsName(string identifier) => !identifier.Contains('@', StringComparison.Ordinal);

    private static string Erase(string text, Sought sought, bool isAbout)
    {
        foreach (var identifier in sought.Identifiers)
        {
            text = EraseWhole(text, identifier);
        }

        foreach (var word in isAbout ? sought.Words : [])
        {
            text = EraseWhole(text, word);
        }

        return text;
    }

    private static bool Erase(JsonNode? node, Sought sought, bool isAbout)
    {
        var isChanged = false;
        switch (node)
        {
            case JsonObject members:
                isAbout |= members.Any(member => IsId(member.Value, sought.Id));
                foreach (var (name, value) in members.ToList())
                {
                    if (Erased(value, name, sought, isAbout) is { } erased)
                    {
                        members[name] = erased;
                        isChanged = true;
                    }
                    else
                    {
                        isChanged |= Erase(value, sought, isAbout);
                    }
                }

                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    if (Erased(items[i], null, sought, isAbout) is { } erased)
                    {
                        items[i] = erased;
                        isChanged = true;
                    }
                    else
                    {
                        isChanged |= Erase(items[i], sought, isAbout);
                    }
                }

                break;
        }

        return isChanged;
    }

    private static JsonValue? Erased(JsonNode? value, string? name, Sought sought, bool isAbout)
    {
        if (value is not JsonValue text || text.GetValueKind() != JsonValueKind.String || IsId(value, sought.Id))
        {
            return null;
        }

        var before = text.GetValue<string>();
        var after = Erase(before, sought, isAbout);
        if (isAbout && !Guid.TryParse(after, out _) && !DateTimeOffset.TryParse(after, System.Globalization.CultureInfo.InvariantCulture, out _))
        {
            // In an object of a person the name is that of the person.
            after = name is not null && name.Equals("name", StringComparison.OrdinalIgnoreCase) && !Redactor.IsRedacted(after) ? Mask.Erased : Erasing.Redact(after, name);
        }

        return string.Equals(before, after, StringComparison.Ordinal) ? null : JsonValue.Create(after);
    }

    private static bool IsId(JsonNode? value, Guid id) =>
        value is JsonValue text && text.GetValueKind() == JsonValueKind.String && Guid.TryParse(text.GetValue<string>(), out var found) && found == id;

    // What is looked for: once for a document, and not for each of its texts.
    private sealed class Sought(DataSubject subject)
    {
        public Guid Id => subject.Id;

        public string[] Identifiers { get; } = [.. SubjectText.Identifiers(subject)];

        public string[] Words { get; } = [.. subject.Identifiers.Where(IsName).SelectMany(name => name.Split(' ')).Where(word => word.Length >= LeastIdentifier)];
    }
}
