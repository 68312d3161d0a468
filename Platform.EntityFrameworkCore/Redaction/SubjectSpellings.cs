using System.Text.Encodings.Web;
using Platform.Redaction.Subjects;

namespace Platform.EntityFrameworkCore.Redaction;

/// <summary>How what names a person may stand in a column: as it is, or as one of the writers of JSON writes it.</summary>
internal static class SubjectSpellings
{
    /// <summary>The identifiers and the id.</summary>
    public static IEnumerable<string> Of(DataSubject subject) => SubjectText.Identifiers(subject).Append(subject.Id.ToString("D"))
        .SelectMany(text => new[] { text, JavaScriptEncoder.Default.Encode(text), JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text) })
        .Distinct(StringComparer.Ordinal);

    /// <summary>The same, anywhere within a text, as patterns of LIKE.</summary>
    public static string[] Patterns(DataSubject subject) =>
    [
        .. Of(subject).Select(text =>
            $"%{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%"),
    ];
}
