namespace Platform.Redaction;

/// <summary>A place in a text that holds personal data or a secret.</summary>
/// <param name="Type">What it is.</param>
/// <param name="Start">Where it begins, in UTF-16 code units.</param>
/// <param name="End">Behind its last code unit.</param>
/// <param name="Confidence">
/// From 0 to 1: how likely the value is of this type. Formats that many things have begin low; a checksum and words around raise
/// it, words such as <c>order</c> or <c>version</c> lower it.
/// </param>
public readonly record struct PiiMatch(PiiType Type, int Start, int End, double Confidence)
{
    /// <summary>The number of UTF-16 code units.</summary>
    public int Length => End - Start;

    /// <summary>The value itself.</summary>
    /// <param name="text">The text that was searched.</param>
    public ReadOnlySpan<char> ValueIn(ReadOnlySpan<char> text) => text[Start..End];

    /// <summary>Type and place; never the value.</summary>
    public override string ToString() => $"{PiiTypes.NameOf(Type)}[{Start}..{End}] {Confidence:0.00}";
}
