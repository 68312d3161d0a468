using Microsoft.AspNetCore.Mvc;
using Platform.Domain.Customers;
using Platform.Errors;
using Platform.Identity;
using Platform.Redaction;
using Platform.ServiceDefaults.Redaction;

namespace Platform.Api.Customers;

internal sealed record CustomerFilterQuery([FromQuery(Name = "email"), Personal(PiiType.Email)] string? Email)
{
    public static readonly string[] Names = ["email"];

    // Whoever may not see addresses must not find out by asking for one after another.
    public CustomerFilter ToFilter(HttpContext http) => Email is null || http.RequestServices.GetRequiredService<PersonalReader>().Redactor is null
        ? new(Email)
        : throw new ErrorException(ErrorCode.Forbidden, $"To look for an address the token needs the scope {ApiScopes.CustomersReadPersonal}.");

    public override string ToString() => this.ToSafe().ToString();
}
