using System.Text.Json;
using Platform.Errors;

namespace Platform.FeatureFlags;

/// <summary>What a document has to keep to before it may be saved. Every error is named at once, with a JSON pointer.</summary>
/// <param name="document">The document, with the change already in it.</param>
public sealed class FlagDocumentRules(FlagDocument document)
{
    private readonly PrerequisiteGraph _prerequisites = new(document.Flags);
    private readonly HashSet<string> _segments =
        [.. document.Segments.Where(segment => segment.Origin == FlagOrigin.Own).Select(segment => segment.Name)];

    /// <summary>Checks the whole document.</summary>
    public static FieldErrors Check(FlagDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var rules = new FlagDocumentRules(document);
        var errors = rules.CheckLists();
        for (var i = 0; i < document.Segments.Count; i++)
        {
            CheckSegment(document.Segments[i], $"/segments/{i}", errors);
        }

        for (var i = 0; i < document.Flags.Count; i++)
        {
            rules.CheckFlag(document.Flags[i], $"/flags/{i}", errors);
        }

        return errors;
    }

    /// <summary>Checks one flag against the document it is or will be part of.</summary>
    /// <param name="flag">The flag.</param>
    /// <param name="pointer">Where it stands; empty where it is the whole body.</param>
    public FieldErrors CheckFlag(FlagDefinition flag, string pointer = "")
    {
        var errors = new FieldErrors();
        CheckFlag(flag, pointer, errors);
        return errors;
    }

    /// <summary>Checks one segment.</summary>
    /// <inheritdoc cref="CheckFlag(FlagDefinition, string)"/>
    /// <param name="segment">The segment.</param>
    /// <param name="pointer">Where it stands; empty where it is the whole body.</param>
    public static FieldErrors CheckSegment(SegmentDefinition segment, string pointer = "")
    {
        var errors = new FieldErrors();
        CheckSegment(segment, pointer, errors);
        return errors;
    }

    /// <summary>Checks what is not about a single flag or segment: how many there are, names, switches and samples.</summary>
    internal FieldErrors CheckLists()
    {
        var errors = new FieldErrors();
        CheckNames(errors, "/flags", [.. document.Flags.Select(item => item.Name)]);
        CheckNames(errors, "/switches", [.. document.Switches.Select(item => item.Name)]);
        CheckNames(errors, "/samples", [.. document.Samples.Select(item => item.Name)]);
        CheckNames(errors, "/segments", [.. document.Segments.Select(item => item.Name)], [.. document.Segments.Select(item => $"{item.Origin} {item.Name}")]);
        for (var i = 0; i < document.Switches.Count; i++)
        {
            CheckedText.Name(errors, $"/switches/{i}/name", document.Switches[i].Name);
            CheckedText.Note(errors, $"/switches/{i}/note", document.Switches[i].Note);
        }

        for (var i = 0; i < document.Samples.Count; i++)
        {
            CheckedText.Name(errors, $"/samples/{i}/name", document.Samples[i].Name);
            CheckedText.Note(errors, $"/samples/{i}/note", document.Samples[i].Note);
            CheckedText.Percent(errors, $"/samples/{i}/percent", document.Samples[i].Percent);
        }

        return errors;
    }

    private static void CheckNames(FieldErrors errors, string pointer, string[] names, string[]? keys = null)
    {
        if (names.Length > FlagLimits.Flags)
        {
            errors.Add(pointer, "too_many", $"At most {FlagLimits.Flags} are allowed.");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < names.Length; i++)
        {
            if (!seen.Add((keys ?? names)[i]))
            {
                errors.Add($"{pointer}/{i}/name", "duplicate", "There is another one with this name.");
            }
        }
    }

    private static void CheckSize(JsonElement? definition, string pointer, FieldErrors errors)
    {
        if (definition is { } json && json.GetRawText().Length > FlagLimits.FlagBytes)
        {
            errors.Add(pointer, "too_long", $"At most {FlagLimits.FlagBytes} characters are allowed.");
        }
    }

    private static void CheckSegment(SegmentDefinition segment, string pointer, FieldErrors errors)
    {
        CheckedText.Name(errors, $"{pointer}/name", segment.Name);
        CheckedText.Note(errors, $"{pointer}/note", segment.Note);
        CheckSize(segment.Definition, $"{pointer}/definition", errors);
        switch (segment.Origin)
        {
            case FlagOrigin.Own:
                ConstraintRules.Check(segment.Constraints, $"{pointer}/constraints", errors);
                break;
            case FlagOrigin.Unleash when segment.Definition is { ValueKind: JsonValueKind.Object } json:
                UnleashReader.SegmentConstraints(json, $"{pointer}/definition", errors);
                break;
            case FlagOrigin.Unleash:
                errors.Add($"{pointer}/definition", "required", "A value is required.");
                break;
            default:
                errors.Add($"{pointer}/origin", "invalid", "Only own and Unleash flags have segments.");
                break;
        }
    }

    private void CheckFlag(FlagDefinition flag, string pointer, FieldErrors errors)
    {
        CheckedText.Name(errors, $"{pointer}/name", flag.Name);
        CheckedText.Note(errors, $"{pointer}/note", flag.Note);
        CheckSize(flag.Definition, $"{pointer}/definition", errors);
        switch (flag.Origin)
        {
            case FlagOrigin.Own:
                new OwnFlagRules(flag, pointer, errors, _segments).Check();
                break;
            case FlagOrigin.Waffle:
                new OwnFlagRules(flag, pointer, errors, _segments).CheckWaffle();
                break;
            default:
                CheckForeign(flag, pointer, errors);
                break;
        }

        _prerequisites.Check(flag, pointer, errors);
    }

    private static void CheckForeign(FlagDefinition flag, string pointer, FieldErrors errors)
    {
        var plain = new FlagDefinition
        {
            Name = flag.Name,
            Origin = flag.Origin,
            Killed = flag.Killed,
            Note = flag.Note,
            Created = flag.Created,
            Modified = flag.Modified,
            Definition = flag.Definition,
        };
        if (!FlagJson.AreEqual(plain, flag))
        {
            errors.Add(pointer, "invalid", "A flag of another system has its rules in its definition only.");
        }

        if (flag.Definition is not { ValueKind: JsonValueKind.Object } json)
        {
            errors.Add($"{pointer}/definition", "required", "A value is required.");
            return;
        }

        var name = flag.Origin == FlagOrigin.Microsoft
            ? MicrosoftReader.Read(json, $"{pointer}/definition", errors).Id
            : UnleashReader.Feature(json, $"{pointer}/definition", errors).Name;
        if (name != flag.Name)
        {
            errors.Add($"{pointer}/name", "invalid", "The definition has another name.");
        }
    }
}
