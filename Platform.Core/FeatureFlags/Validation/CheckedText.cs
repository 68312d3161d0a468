using Platform.Errors;

namespace Platform.FeatureFlags;

/// <summary>The checks of single values that flags, switches, samples and segments share.</summary>
internal static class CheckedText
{
    public static void Name(FieldErrors errors, string pointer, string? name)
    {
        if (errors.Text(pointer, name, FlagLimits.NameLength) is { } trimmed && trimmed.Length != name!.Length)
        {
            errors.Add(pointer, "invalid", "A name neither begins nor ends with white space.");
        }
        else if (name is not null && name.AsSpan().ContainsAnyInRange('\u007f', '\u009f'))
        {
            errors.Add(pointer, "invalid", "Control characters are not allowed.");
        }
    }

    /// <summary>Notes have several lines, so line breaks and tabs are no harm.</summary>
    public static void Note(FieldErrors errors, string pointer, string note)
    {
        if (note.Length > FlagLimits.NoteLength)
        {
            errors.Add(pointer, "too_long", $"At most {FlagLimits.NoteLength} characters are allowed.");
        }
        else if (note.Any(c => char.IsControl(c) && c is not ('\r' or '\n' or '\t')))
        {
            errors.Add(pointer, "invalid", "Control characters are not allowed.");
        }
    }

    public static void Percent(FieldErrors errors, string pointer, decimal? percent)
    {
        if (percent is < 0 or > 100)
        {
            errors.Add(pointer, "out_of_range", "The value must be between 0 and 100.");
        }
        else if (percent is { } value && decimal.Round(value, 3) != value)
        {
            errors.Add(pointer, "invalid", "At most three decimals are allowed.");
        }
    }

    public static void List(FieldErrors errors, string pointer, IReadOnlyList<string> entries)
    {
        Count(errors, pointer, entries.Count, FlagLimits.ListLength);
        for (var i = 0; i < Math.Min(entries.Count, FlagLimits.ListLength); i++)
        {
            // Absent ones come from a list with null in it.
            if (string.IsNullOrEmpty(entries[i]))
            {
                errors.Add($"{pointer}/{i}", "required", "A value is required.");
            }
            else if (entries[i].Length > FlagLimits.EntryLength)
            {
                errors.Add($"{pointer}/{i}", "too_long", $"At most {FlagLimits.EntryLength} characters are allowed.");
            }
            else if (entries[i].Any(char.IsControl))
            {
                errors.Add($"{pointer}/{i}", "invalid", "Control characters are not allowed.");
            }
        }
    }

    public static void Count(FieldErrors errors, string pointer, int count, int most = FlagLimits.Parts)
    {
        if (count > most)
        {
            errors.Add(pointer, "too_many", $"At most {most} are allowed.");
        }
    }
}
