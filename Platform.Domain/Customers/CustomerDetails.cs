using Platform.Errors;
using Platform.Redaction;

namespace Platform.Domain.Customers;

/// <summary>What can be set of a customer.</summary>
/// <param name="Name">Required, at most 200 characters.</param>
/// <param name="Email">Required, one address, at most 254 characters, unique.</param>
public sealed record CustomerDetails([Personal(PiiType.PersonName)] string? Name, [Personal(PiiType.Email)] string? Email)
{
    /// <inheritdoc/>
    public override string ToString() => this.ToSafe().ToString();

    internal (string Name, string Email) Validated()
    {
        var errors = new FieldErrors();
        var name = errors.Text("/name", Name, Customer.NameMaxLength);
        var email = errors.Text("/email", Email, Customer.EmailMaxLength);
        if (email is not null && errors.IsEmpty && !IsAddress(email))
        {
            errors.Add("/email", "invalid", "This is not an e-mail address.");
        }

        NotRedacted(errors, "/name", name);
        NotRedacted(errors, "/email", email);
        errors.ThrowIfAny();
        return (name!, email!);
    }

    // Who is shown a mask and sends all back must not make it the value.
    private static void NotRedacted(FieldErrors errors, string pointer, string? value)
    {
        if (Redactor.IsRedacted(value))
        {
            errors.Add(pointer, "redacted", "This is a redacted value. Leave the field out of a patch, or send the value itself.");
        }
    }

    // Only what is certain: one @ with a dotted name behind it. Whether mail arrives is for a confirmation to find out.
    private static bool IsAddress(string email)
    {
        var at = email.IndexOf('@', StringComparison.Ordinal);
        return at > 0
            && at == email.LastIndexOf('@')
            && email.LastIndexOf('.') is var dot
            && dot > at + 1
            && dot < email.Length - 1
            && !email.Any(char.IsWhiteSpace);
    }
}
