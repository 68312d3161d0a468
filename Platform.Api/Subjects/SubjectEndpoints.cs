using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Api.Documentation;
using Platform.Errors;
using Platform.Identity;
using Platform.Redaction.Subjects;

namespace Platform.Api.Subjects;

internal static class SubjectEndpoints
{
    public static void MapSubjects(this IEndpointRouteBuilder api)
    {
        var subjects = api.MapGroup("/subjects").WithTags("Subjects");
        subjects.MapGet("/{id:guid}", ExportAsync).WithName("ExportSubject").WithSummary("Get all that is held of a person")
            .WithDescription("The customer with orders and payments, and every copy in events, dead letters and kept answers. It is recorded in the audit trail.")
            .RequireAuthorization(ApiScopes.SubjectsManage)
            .Refuses(ErrorCode.ResourceNotFound);
        subjects.MapPost("/{id:guid}/erase", EraseAsync).WithName("EraseSubject").WithSummary("Erase a person")
            .WithDescription("The customer becomes anonymous, orders are kept, copies lose what names the person. Again it changes nothing. It is recorded in the audit trail.")
            .RequireAuthorization(ApiScopes.SubjectsManage)
            .ReadsBody()
            .Refuses(ErrorCode.ResourceNotFound, ErrorCode.OperationNotAllowed);
    }

    private static async Task<Ok<SubjectExportResponse>> ExportAsync(Guid id, HttpContext http, ISubjectRequests subjects, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(SubjectExportResponse.From(await subjects.ExportAsync(id, cancellationToken: cancellationToken)));
    }

    private static async Task<Ok<SubjectErasureResponse>> EraseAsync(
        Guid id, SubjectErasureRequest request, ISubjectRequests subjects, CancellationToken cancellationToken) =>
        TypedResults.Ok(SubjectErasureResponse.From(await subjects.EraseAsync(id, request.Reason ?? "", cancellationToken: cancellationToken)));
}
