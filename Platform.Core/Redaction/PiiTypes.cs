using System.Collections.Frozen;
using System.Text;

namespace Platform.Redaction;

/// <summary>Names and classes of <see cref="PiiType"/>.</summary>
public static class PiiTypes
{
    private static readonly PiiType[] Known = Enum.GetValues<PiiType>();
    private static readonly string[] Names = [.. Known.Select(SnakeCase)];

    private static readonly FrozenDictionary<string, PiiType> ByName =
        Known.ToFrozenDictionary(type => Names[(int)type], StringComparer.OrdinalIgnoreCase);

    /// <summary>Every type.</summary>
    public static IReadOnlyList<PiiType> All => Known;

    /// <summary>The name on the wire: lower case with underscores, <c>us_ssn</c>.</summary>
    public static string NameOf(PiiType type) => Names[(int)type];

    /// <summary>The type of a name on the wire, in any case.</summary>
    public static bool TryParse(string name, out PiiType type) => ByName.TryGetValue(name, out type);

    /// <summary>Whether knowing the value lets someone act as its owner. Secrets are erased, never masked in part.</summary>
    public static bool IsSecret(PiiType type) => type >= PiiType.UrlCredentials;

    private static string SnakeCase(PiiType type)
    {
        var name = new StringBuilder();
        foreach (var c in type.ToString())
        {
            if (char.IsAsciiLetterUpper(c) && name.Length > 0)
            {
                name.Append('_');
            }

            name.Append(char.ToLowerInvariant(c));
        }

        return name.ToString();
    }
}
