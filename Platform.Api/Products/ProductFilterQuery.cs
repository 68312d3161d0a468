using Microsoft.AspNetCore.Mvc;
using Platform.Domain.Products;
using Platform.Errors;

namespace Platform.Api.Products;

// Texts, so that one that does not fit is told as a field error rather than as a request that could not be read.
internal sealed record ProductFilterQuery(
    [FromQuery(Name = "active")] string? Active,
    [FromQuery(Name = "sku")] string? Sku)
{
    public static readonly string[] Names = ["active", "sku"];

    public ProductFilter ToFilter(FieldErrors errors)
    {
        if (Active is not (null or "true" or "false"))
        {
            errors.Add("/active", "invalid", "This is true or false.");
        }

        return new(Active is null ? null : Active == "true", Sku);
    }
}
