using System.Net.Mime;
using Platform.Api.Documentation;
using Platform.Conditional;
using Platform.Errors;
using Platform.FeatureFlags;
using Platform.Identity;
using Platform.ServiceDefaults.Conditional;
using Platform.ServiceDefaults.FeatureFlags;

namespace Platform.Api.FeatureFlags;

/// <summary>Asks flags for anybody, from the snapshot that this host answers by.</summary>
internal static class FlagEvaluationEndpoints
{
    private const int MaxFlags = 1_000;

    public static void MapFlagEvaluation(this RouteGroupBuilder flags)
    {
        flags.MapPost("/{name}/evaluate", ExplainAsync).WithName("EvaluateFlag").WithSummary("Ask a flag for a given caller, and why it answers so")
            .RequireAuthorization(ApiScopes.FlagsRead)
            .Accepts<FlagContextRequest>(MediaTypeNames.Application.Json)
            .ReadsBody()
            .Produces<FlagExplanationResponse>()
            .Refuses(ErrorCode.ResourceNotFound);
        flags.MapPost("/evaluate", BulkAsync).WithName("EvaluateFlags").WithSummary("Ask many flags for a given caller")
            .WithDescription("The ETag covers rules, caller and time, as it is that of the answers: `If-None-Match` gives 304 while none of them differs.")
            .RequireAuthorization(ApiScopes.FlagsRead)
            .Accepts<FlagBulkRequest>(MediaTypeNames.Application.Json)
            .ReadsBody()
            .WithMetadata(new ShowsTagMetadata())
            .Produces<FlagBulkResponse>();
    }

    private static async Task<IResult> ExplainAsync(string name, HttpContext context, IFeatureFlags flags, CancellationToken cancellationToken)
    {
        var caller = (await FlagBody.ReadAsync<FlagContextRequest>(context.Request, cancellationToken)).ToContext();
        name = FlagKind.NameOf(name);
        var snapshot = flags.Snapshot;
        var explanation = snapshot.Explain(name, caller);
        if (explanation.Origin is null)
        {
            throw ErrorException.NotFound("flag", name);
        }

        return TypedResults.Json(
            new FlagExplanationResponse(
                name, explanation.Enabled, explanation.Variant, explanation.Value, explanation.Reason, explanation.Part,
                explanation.Detail, explanation.Origin, explanation.Version),
            FlagJson.Options);
    }

    private static async Task<IResult> BulkAsync(HttpContext context, IFeatureFlags flags, CancellationToken cancellationToken)
    {
        var question = await FlagBody.BytesAsync(context.Request, cancellationToken);
        var snapshot = flags.Snapshot;
        var (tag, answers) = BulkAnswer.Give(
            snapshot, question.Span, "", known => IsKnown(context.Request, known), () => Answers(snapshot, FlagBody.Read<FlagBulkRequest>(question.Span)));
        ConditionalResponse.SetCaching(context.Response);
        context.Response.Headers.ETag = tag;
        return answers is null
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Bytes(answers, MediaTypeNames.Application.Json);
    }

    // A question that is asked by POST, as GET bodies get lost on the way: its 304 is this endpoint's own word.
    private static bool IsKnown(HttpRequest request, string tag) =>
        request.Preconditions() is { IfNoneMatch: { } known } && (EntityTag.IsAny(known) || EntityTag.IsIn(known, tag, strong: false, out _));

    private static byte[] Answers(FlagSnapshot snapshot, FlagBulkRequest request)
    {
        if (request.Flags?.Count > MaxFlags)
        {
            throw ErrorException.Validation(new FieldError("/flags", "too_many", $"At most {MaxFlags} are allowed."));
        }

        var caller = (request.Context ?? new FlagContextRequest()).ToContext();
        var names = request.Flags ?? snapshot.Document.Flags.Select(flag => flag.Name);
        return FlagJson.Write(new FlagBulkResponse([.. names.Select(name => Answer(snapshot, name, caller))]));
    }

    private static FlagAnswer Answer(FlagSnapshot snapshot, string name, FlagContext caller)
    {
        var decision = snapshot.Evaluate(name, caller);
        return new FlagAnswer(name, decision.Enabled, decision.Variant?.Name, decision.Variant?.Value, decision.Reason);
    }
}
