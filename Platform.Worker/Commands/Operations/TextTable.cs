using System.Globalization;
using System.Text;

namespace Platform.Worker.Commands.Operations;

/// <summary>Columns for a person's eyes.</summary>
internal sealed class TextTable(params string[] heads)
{
    private const int Widest = 60;

    private readonly List<string[]> _rows = [heads];

    public void Add(params object?[] cells) => _rows.Add(Array.ConvertAll(cells, Cell));

    public override string ToString()
    {
        var widths = Enumerable.Range(0, heads.Length).Select(column => _rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in _rows)
        {
            for (var column = 0; column < row.Length; column++)
            {
                text.Append(column == row.Length - 1 ? row[column] : row[column].PadRight(widths[column] + 2));
            }

            text.AppendLine();
        }

        return text.ToString().TrimEnd();
    }

    private static string Cell(object? value)
    {
        var text = value switch
        {
            null => "-",
            DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? string.Empty,
        };

        // What comes from an event must not move the cursor or colour the terminal.
        text = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return text.Length <= Widest ? text : text[..(Widest - 3)] + "...";
    }
}
