using Platform.Errors;
using Platform.FeatureFlags;
using Platform.Redaction;

namespace Platform.EntityFrameworkCore.FeatureFlags;

/// <summary>What the audit can hold of an author.</summary>
internal static class FlagAuthorRules
{
    public const int NameLength = 200;
    public const int ReasonLength = 2_000;

    // The audit forgets nothing, so that personal data and secrets do not get there by a reason.
    private static readonly Redactor Reasons = new(new PiiDetector(), RedactionPolicy.For(RedactionAudience.Operator));

    /// <summary>Checks an author, and gives what the audit keeps of it.</summary>
    public static FlagAuthor Checked(FlagAuthor author)
    {
        ArgumentNullException.ThrowIfNull(author);
        var errors = new FieldErrors();
        errors.Text("/actor", author.Name, NameLength);
        if (author.Reason.Length > ReasonLength)
        {
            errors.Add("/reason", "too_long", $"At most {ReasonLength} characters are allowed.");
        }
        else if (author.Reason.Any(c => char.IsControl(c) && c is not ('\r' or '\n' or '\t')))
        {
            errors.Add("/reason", "invalid", "Control characters are not allowed.");
        }

        errors.ThrowIfAny();
        var reason = Reasons.Redact(author.Reason);
        return author with { Reason = reason.Length > ReasonLength ? reason[..ReasonLength] : reason };
    }
}
