using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Api.Documentation;
using Platform.Api.Http;
using Platform.Domain.Paging;
using Platform.EntityFrameworkCore.Audit;
using Platform.Errors;
using Platform.Identity;
using Platform.ServiceDefaults.Conditional;

namespace Platform.Api.Audit;

internal static class AuditEndpoints
{
    private const string Sort = "occurredAt";

    public static void MapAudit(this IEndpointRouteBuilder api) =>
        api.MapGet("/audit", ListAsync).WithTags("Audit").WithName("ListAudit").WithSummary("List what was done and refused, the newest first")
            .WithDescription("Filters narrow the list. An action that ends in .* stands for all below it.")
            .RequireAuthorization(ApiScopes.AuditRead)
            .WithBodyTag()
            .Refuses(ErrorCode.ValidationError);

    private static async Task<Ok<PageResponse<AuditResponse>>> ListAsync(
        [AsParameters] AuditFilterQuery filter,
        [AsParameters] PageQuery page,
        HttpContext http,
        AuditQueries audit,
        CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var chosen = filter.ToFilter(errors);
        if (page.Sort == Sort)
        {
            errors.Add("/sort", "invalid", "The trail is listed from the newest on.");
        }

        var list = page.Read(http, [(Sort, PageOrder.Created)], AuditFilterQuery.Names, errors);
        var request = list.Request;

        // One more than asked for tells whether there is a next page.
        var entries = await audit.ListAsync(chosen, request.Limit + 1, request.After, cancellationToken);
        var more = entries.Count > request.Limit;
        AuditResponse[] items = [.. entries.Take(request.Limit).Select(AuditResponse.From)];
        return TypedResults.Ok(new PageResponse<AuditResponse>(items, list.Next(http, more ? PageRequest.CursorAfter(items[^1].Id) : null)));
    }
}
