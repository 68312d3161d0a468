using Microsoft.AspNetCore.Mvc;
using Platform.Domain.Customers;

namespace Platform.Api.Customers;

internal sealed record CustomerFilterQuery([FromQuery(Name = "email")] string? Email)
{
    public static readonly string[] Names = ["email"];

    public CustomerFilter ToFilter() => new(Email);
}
