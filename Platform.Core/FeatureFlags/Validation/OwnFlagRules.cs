using Platform.Errors;

namespace Platform.FeatureFlags;

/// <summary>What a flag has to keep to that has its rules in the model's own fields.</summary>
internal sealed class OwnFlagRules(FlagDefinition flag, string pointer, FieldErrors errors, IReadOnlySet<string> segments)
{
    public void Check()
    {
        CheckAudience();
        if (flag.Definition is not null)
        {
            errors.Add($"{pointer}/definition", "invalid", "Only a flag of another system has a definition.");
        }

        if (flag.Exclusion is { } exclusion)
        {
            CheckedText.List(errors, $"{pointer}/exclusion/users", exclusion.Users);
            CheckedText.List(errors, $"{pointer}/exclusion/groups", exclusion.Groups);
            CheckedText.List(errors, $"{pointer}/exclusion/roles", exclusion.Roles);
        }

        CheckedText.List(errors, $"{pointer}/roles", flag.Roles);
        if (flag.Stickiness is not null)
        {
            CheckedText.Name(errors, $"{pointer}/stickiness", flag.Stickiness);
        }

        CheckWindows();
        CheckVariants();
        CheckRules();
    }

    public void CheckWaffle()
    {
        CheckAudience();
        if (flag.Percent > 99.9m)
        {
            errors.Add($"{pointer}/percent", "out_of_range", "Waffle's percentage ends at 99.9; everyone is for all.");
        }

        var beyond = flag.Roles.Count + flag.Windows.Count + flag.Prerequisites.Count + flag.Rules.Count + flag.Variants.Count > 0
            || flag.Exclusion is not null || flag.Stickiness is not null || flag.DefaultVariant is not null || flag.OffVariant is not null;
        if (beyond)
        {
            errors.Add(pointer, "invalid", "A waffle flag has waffle's fields only.");
        }
    }

    private void CheckAudience()
    {
        CheckedText.Percent(errors, $"{pointer}/percent", flag.Percent);
        CheckedText.List(errors, $"{pointer}/users", flag.Users);
        CheckedText.List(errors, $"{pointer}/groups", flag.Groups);
        CheckedText.List(errors, $"{pointer}/languages", flag.Languages);
    }

    private void CheckWindows()
    {
        CheckedText.Count(errors, $"{pointer}/windows", flag.Windows.Count);
        for (var i = 0; i < Math.Min(flag.Windows.Count, FlagLimits.Parts); i++)
        {
            var at = $"{pointer}/windows/{i}";
            var window = flag.Windows[i];
            if (window is { Start: null, End: null })
            {
                errors.Add($"{at}/start", "required", "A window needs a start or an end.");
            }
            else if (window.End <= window.Start && window.Recurrence is null)
            {
                errors.Add($"{at}/end", "out_of_range", "The end must come after the start.");
            }

            WindowRules.Check(window, errors, new Pointers(at), TimeSpan.FromDays(3650));
        }
    }

    private void CheckVariants()
    {
        CheckedText.Count(errors, $"{pointer}/variants", flag.Variants.Count);
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Math.Min(flag.Variants.Count, FlagLimits.Parts); i++)
        {
            var at = $"{pointer}/variants/{i}";
            var variant = flag.Variants[i];
            CheckedText.Name(errors, $"{at}/name", variant.Name);
            CheckedText.Percent(errors, $"{at}/weight", variant.Weight);
            CheckedText.List(errors, $"{at}/users", variant.Users);
            CheckedText.List(errors, $"{at}/groups", variant.Groups);
            if (!names.Add(variant.Name))
            {
                errors.Add($"{at}/name", "duplicate", "There is another variant with this name.");
            }

            if (variant.Value is { } value && value.GetRawText().Length > FlagLimits.FlagBytes / 10)
            {
                errors.Add($"{at}/value", "too_long", $"At most {FlagLimits.FlagBytes / 10} characters are allowed.");
            }
        }

        // The sum is taken one by one, as weights that are out of range themselves may overflow it.
        var sum = 0m;
        foreach (var variant in flag.Variants.Where(variant => variant.Weight is >= 0 and <= 100))
        {
            sum += variant.Weight;
        }

        if (sum > 100)
        {
            errors.Add($"{pointer}/variants", "out_of_range", "All weights together must not be above 100.");
        }

        CheckVariantName(flag.DefaultVariant, $"{pointer}/defaultVariant");
        CheckVariantName(flag.OffVariant, $"{pointer}/offVariant");
    }

    private void CheckRules()
    {
        CheckedText.Count(errors, $"{pointer}/rules", flag.Rules.Count);
        for (var i = 0; i < Math.Min(flag.Rules.Count, FlagLimits.Parts); i++)
        {
            var at = $"{pointer}/rules/{i}";
            var rule = flag.Rules[i];
            errors.Text($"{at}/name", rule.Name, FlagLimits.NameLength, required: false);
            CheckedText.Percent(errors, $"{at}/percent", rule.Percent);
            ConstraintRules.Check(rule.Constraints, $"{at}/constraints", errors);
            CheckedText.Count(errors, $"{at}/segments", rule.Segments.Count);
            for (var j = 0; j < Math.Min(rule.Segments.Count, FlagLimits.Parts); j++)
            {
                if (!segments.Contains(rule.Segments[j]))
                {
                    errors.Add($"{at}/segments/{j}", "not_found", "There is no such segment.");
                }
            }

            CheckVariantName(rule.Variant, $"{at}/variant");
        }
    }

    private void CheckVariantName(string? name, string at)
    {
        if (name is not null && flag.Variants.All(variant => variant.Name != name))
        {
            errors.Add(at, "not_found", "The flag has no such variant.");
        }
    }

    private sealed record Pointers(string At) : IWindowPointers
    {
        public string Start => $"{At}/start";

        public string End => $"{At}/end";

        public string Interval => $"{At}/recurrence/interval";

        public string Days => $"{At}/recurrence/days";

        public string Until => $"{At}/recurrence/until";

        public string Occurrences => $"{At}/recurrence/occurrences";
    }
}
