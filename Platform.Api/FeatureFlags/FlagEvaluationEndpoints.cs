using System.Buffers.Text;
using System.Net.Mime;
using System.Security.Cryptography;
using Platform.Api.Documentation;
using Platform.Errors;
using Platform.FeatureFlags;
using Platform.Identity;

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

        var decision = snapshot.Evaluate(name, caller);
        return TypedResults.Json(
            new FlagExplanationResponse(
                name, explanation.Enabled, explanation.Variant, decision.Variant?.Value, explanation.Reason, decision.Part < 0 ? null : decision.Part,
                explanation.Detail, explanation.Origin, explanation.Version),
            FlagJson.Options);
    }

    private static async Task<IResult> BulkAsync(HttpContext context, IFeatureFlags flags, CancellationToken cancellationToken)
    {
        var request = await FlagBody.ReadAsync<FlagBulkRequest>(context.Request, cancellationToken);
        if (request.Flags?.Count > MaxFlags)
        {
            throw ErrorException.Validation(new FieldError("/flags", "too_many", $"At most {MaxFlags} are allowed."));
        }

        var caller = (request.Context ?? new FlagContextRequest()).ToContext();
        var snapshot = flags.Snapshot;
        var names = request.Flags ?? snapshot.Document.Flags.Select(flag => flag.Name);
        var body = FlagJson.Write(new FlagBulkResponse([.. names.Select(name => Answer(snapshot, name, caller))]));
        var tag = $"\"{Base64Url.EncodeToString(SHA256.HashData(body).AsSpan(0, 16))}\"";
        context.Response.Headers.ETag = tag;
        return FlagTags.IsKnown(context.Request, tag)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Bytes(body, MediaTypeNames.Application.Json);
    }

    private static FlagAnswer Answer(FlagSnapshot snapshot, string name, FlagContext caller)
    {
        var decision = snapshot.Evaluate(name, caller);
        return new FlagAnswer(name, decision.Enabled, decision.Variant?.Name, decision.Variant?.Value, decision.Reason);
    }
}
