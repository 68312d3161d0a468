using System.Globalization;
using Platform.Errors;
using Platform.FeatureFlags;

namespace Platform.EntityFrameworkCore.FeatureFlags;

/// <summary>
/// Whether a change may be saved: the document after it is checked as a whole. What was wrong before and is not touched does not stand in the
/// way of other changes.
/// </summary>
internal static class FlagChangeRules
{
    public static void Check(FlagDocument before, FlagDocument after, IReadOnlyDictionary<FlagKey, string> changed, bool keepsUnreadable)
    {
        FlagKey[] keys = [.. after.Items().Select(item => item.Key)];
        var errors = new FieldErrors();
        Add(errors, FlagDocumentRules.Check(after).All, before, after, changed, keepsUnreadable);
        CheckSizes(errors, after, changed);
        errors.ThrowIfAny();
        if (keys.Any(key => key.Name.Contains('\0', StringComparison.Ordinal)))
        {
            throw ErrorException.Validation(new FieldError("", "invalid", "Control characters are not allowed."));
        }
    }

    private static void Add(
        FieldErrors errors,
        IReadOnlyList<FieldError> found,
        FlagDocument before,
        FlagDocument after,
        IReadOnlyDictionary<FlagKey, string> changed,
        bool keepsUnreadable)
    {
        if (found.Count == 0)
        {
            return;
        }

        var wrongBefore = FlagDocumentRules.Check(before).All.Select(error => KeyOf(error.Pointer, before)).OfType<FlagKey>().ToHashSet();
        foreach (var error in found)
        {
            var key = KeyOf(error.Pointer, after);
            var untouched = key is not null && !changed.ContainsKey(key) && wrongBefore.Contains(key);
            if (!untouched && !(keepsUnreadable && IsUnreadable(error, key, after)))
            {
                errors.Add(error.Pointer, error.Code, error.Message);
            }
        }
    }

    /// <summary>Only what another system would not read either; never what cannot be stored or told apart.</summary>
    private static bool IsUnreadable(FieldError error, FlagKey? key, FlagDocument after) =>
        key is { Kind: FlagItemKind.Flag or FlagItemKind.Segment }
        && error.Code != "too_long"
        && error.Pointer.Split('/') is [_, "flags" or "segments", var index, "definition", ..]
        && (key.Kind == FlagItemKind.Segment
            || after.Flags[int.Parse(index, CultureInfo.InvariantCulture)].Origin is FlagOrigin.Microsoft or FlagOrigin.Unleash);

    private static void CheckSizes(FieldErrors errors, FlagDocument after, IReadOnlyDictionary<FlagKey, string> changed)
    {
        if (!changed.Values.Any(text => text.Length > FlagLimits.FlagBytes))
        {
            return;
        }

        foreach (var (list, keys) in after.Items().Select(item => item.Key).GroupBy(key => key.Kind).Select(group => (group.Key, group)))
        {
            foreach (var (index, key) in keys.Index())
            {
                if (changed.TryGetValue(key, out var text) && text.Length > FlagLimits.FlagBytes)
                {
                    errors.Add(
                        list == FlagItemKind.Envelope ? $"/envelopes/{key.Name}" : $"/{ListOf(list)}/{index}",
                        "too_long",
                        $"At most {FlagLimits.FlagBytes} characters are allowed.");
                }
            }
        }
    }

    private static FlagKey? KeyOf(string pointer, FlagDocument document)
    {
        if (pointer.Split('/') is not [_, var list, var text, ..] || !int.TryParse(text, CultureInfo.InvariantCulture, out var index))
        {
            return null;
        }

        return list switch
        {
            "flags" when index < document.Flags.Count => FlagKey.Flag(document.Flags[index].Name),
            "switches" when index < document.Switches.Count => FlagKey.Switch(document.Switches[index].Name),
            "samples" when index < document.Samples.Count => FlagKey.Sample(document.Samples[index].Name),
            "segments" when index < document.Segments.Count => FlagKey.Segment(document.Segments[index].Name, document.Segments[index].Origin),
            _ => null,
        };
    }

    private static string ListOf(FlagItemKind kind) => kind switch
    {
        FlagItemKind.Flag => "flags",
        FlagItemKind.Switch => "switches",
        FlagItemKind.Sample => "samples",
        _ => "segments",
    };
}
