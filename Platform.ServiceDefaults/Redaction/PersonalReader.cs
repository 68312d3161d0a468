using Platform.Identity;
using Platform.Redaction;

namespace Platform.ServiceDefaults.Redaction;

/// <summary>Whether the present caller sees personal data of others: only with <see cref="ApiScopes.CustomersReadPersonal"/>. Thread safe.</summary>
public sealed class PersonalReader(ICallerAccessor callers, Redactors redactors)
{
    /// <summary>What redacts for the caller, and null for one who sees everything. Where there is no caller, everything is redacted.</summary>
    public Redactor? Redactor => callers.Current.May(ApiScopes.CustomersReadPersonal) ? null : redactors.For(RedactionAudience.Operator);

    /// <summary>The value as the caller may see it.</summary>
    public string Show(PiiType type, string value) => Redactor is { } redactor ? redactor.RedactValue(type, value) : value;
}
