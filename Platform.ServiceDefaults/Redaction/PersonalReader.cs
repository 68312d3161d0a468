using Platform.Errors;
using Platform.Identity;
using Platform.Redaction;

namespace Platform.ServiceDefaults.Redaction;

/// <summary>Whether the present caller sees personal data of others: only with <see cref="ApiScopes.CustomersReadPersonal"/>. Thread safe.</summary>
public sealed class PersonalReader(ICallerAccessor callers, Redactors redactors)
{
    /// <summary>What a filter by an address needs the scope for.</summary>
    public const string FindAddress = "look for an address";

    /// <summary>What an order by name needs the scope for.</summary>
    public const string OrderByName = "have customers ordered by name";

    /// <summary>What redacts for the caller, and null for one who sees everything. Where there is no caller, everything is redacted.</summary>
    public Redactor? Redactor => callers.Current.May(ApiScopes.CustomersReadPersonal) ? null : redactors.For(RedactionAudience.Operator);

    /// <summary>
    /// Refuses a caller who does not see personal data to look for one, or to have things ordered by it: whoever may not see a value must not find it out by asking for one
    /// after another.
    /// </summary>
    /// <param name="what">What the caller wants: <see cref="FindAddress"/>.</param>
    /// <exception cref="ErrorException">The caller lacks the scope.</exception>
    public void Require(string what)
    {
        if (Redactor is not null)
        {
            throw new ErrorException(ErrorCode.Forbidden, $"To {what} the token needs the scope {ApiScopes.CustomersReadPersonal}.");
        }
    }

    /// <summary>The value as the caller may see it.</summary>
    public string Show(PiiType type, string value) => Redactor is { } redactor ? redactor.RedactValue(type, value) : value;
}
