using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace Platform.Api.Identity.Pages;

/// <summary>HTML that is safe to send: what stands in the source, and in its holes text that was encoded on the way in.</summary>
internal readonly record struct Markup(string Text)
{
    public static Markup Empty { get; } = new("");

    /// <summary>Makes HTML of an interpolated string. A hole of <see cref="Markup"/> is taken as it is, every other is encoded.</summary>
    public static Markup Of(Builder html) => new(html.Finish());

    public static Markup All(IEnumerable<Markup> parts) => new(string.Concat(parts.Select(part => part.Text)));

    public override string ToString() => Text;

    [InterpolatedStringHandler]
    internal readonly struct Builder(int literalLength, int holes)
    {
        private readonly StringBuilder _text = new(literalLength + (holes * 16));

        public void AppendLiteral(string literal) => _text.Append(literal);

        public void AppendFormatted(Markup markup) => _text.Append(markup.Text);

        public void AppendFormatted(string? text) => _text.Append(HtmlEncoder.Default.Encode(text ?? ""));

        public string Finish() => _text.ToString();
    }
}
