using Microsoft.AspNetCore.Mvc;
using Platform.Domain.Customers;
using Platform.Redaction;
using Platform.ServiceDefaults.Redaction;

namespace Platform.Api.Customers;

internal sealed record CustomerFilterQuery([FromQuery(Name = "email"), Personal(PiiType.Email)] string? Email)
{
    public static readonly string[] Names = ["email"];

    public CustomerFilter ToFilter(HttpContext http)
    {
        if (Email is not null)
        {
            http.RequestServices.GetRequiredService<PersonalReader>().Require(PersonalReader.FindAddress);
        }

        return new(Email);
    }

    public override string ToString() => this.ToSafe().ToString();
}
