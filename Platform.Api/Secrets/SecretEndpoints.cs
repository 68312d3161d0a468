using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Api.Documentation;
using Platform.Errors;
using Platform.Identifiers;
using Platform.Identity;
using Platform.Secrets;
using Platform.ServiceDefaults.Conditional;

namespace Platform.Api.Secrets;

/// <summary>How secrets stand, and what operators want of them. A worker does it; no answer holds a value.</summary>
internal static class SecretEndpoints
{
    private const string Nobody = "unknown";
    private const int MaxItems = 100;

    public static void MapSecrets(this IEndpointRouteBuilder api)
    {
        var secrets = api.MapGroup("/secrets").WithTags("Secrets");

        secrets.MapGet("/", ListAsync).WithName("ListSecrets").WithSummary("Show how all secrets stand, without a value")
            .RequireAuthorization(ApiScopes.SecretsManage)
            .WithBodyTag();
        secrets.MapGet("/{name}", GetAsync).WithName("GetSecret").WithSummary("Show how a secret stands, without its value")
            .RequireAuthorization(ApiScopes.SecretsManage)
            .WithBodyTag()
            .Refuses(ErrorCode.ResourceNotFound);
        secrets.MapGet("/{name}/rotations", HistoryAsync).WithName("ListSecretRotations").WithSummary("List the last rotations of a secret, the newest first")
            .RequireAuthorization(ApiScopes.SecretsManage)
            .WithBodyTag()
            .Refuses(ErrorCode.ResourceNotFound);
        secrets.MapPost("/{name}/rotate", RotateAsync).WithName("RotateSecret").WithSummary("Have a secret rotated")
            .WithDescription("A worker begins at once; `GET /api/v1/secrets/{name}` tells how it goes. In an emergency the version before is worth nothing as soon as the new one is in use.")
            .RequireAuthorization(ApiScopes.SecretsManage)
            .ReadsBody()
            .Refuses(ErrorCode.ResourceNotFound, ErrorCode.OperationNotAllowed);
        secrets.MapPost("/{name}/rollback", RollBackAsync).WithName("RollBackSecret").WithSummary("Take a rotation back")
            .WithDescription("One that is under way is undone; after it, the version before is in use again, as long as it is good.")
            .RequireAuthorization(ApiScopes.SecretsManage)
            .ReadsBody()
            .Refuses(ErrorCode.ResourceNotFound, ErrorCode.OperationNotAllowed);
    }

    private static async Task<Ok<SecretListResponse>> ListAsync(SecretCatalog catalog, IRotationStore store, CancellationToken cancellationToken)
    {
        var known = (await store.StatusAsync(null, cancellationToken)).ToDictionary(status => status.Name, StringComparer.Ordinal);
        return TypedResults.Ok(new SecretListResponse([.. catalog.All.Select(definition => SecretResponse.From(definition, known.GetValueOrDefault(definition.Name)))]));
    }

    private static async Task<Ok<SecretResponse>> GetAsync(string name, SecretCatalog catalog, IRotationStore store, CancellationToken cancellationToken)
    {
        var definition = catalog.Get(name);
        return TypedResults.Ok(SecretResponse.From(definition, (await store.StatusAsync(definition.Name, cancellationToken)).SingleOrDefault()));
    }

    private static async Task<Ok<SecretRotationListResponse>> HistoryAsync(string name, SecretCatalog catalog, IRotationStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(new SecretRotationListResponse(
            [.. (await store.HistoryAsync(catalog.Get(name).Name, MaxItems, cancellationToken)).Select(SecretRotationResponse.From)]));

    private static async Task<Accepted<SecretRotationResponse>> RotateAsync(
        string name, SecretRotateRequest request, ICallerAccessor caller, SecretCatalog catalog, IRotationStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var rotation = new Rotation
        {
            Id = Uuid7.Next(time),
            Name = catalog.Get(name).Name,
            Version = Uuid7.Next(time),
            State = RotationState.Requested,
            Step = RotationStep.Create,
            Trigger = request.Emergency is true ? RotationTrigger.Emergency : RotationTrigger.Operator,
            Actor = caller.Current.Subject ?? Nobody,
            Reason = SecretRollbackRequest.Check(request.Reason),
            StartedAt = now,
            StepAt = now,
        };
        return await store.RequestAsync(rotation, cancellationToken)
            ? TypedResults.Accepted($"/api/v1/secrets/{name}", SecretRotationResponse.From(rotation))
            : throw ErrorException.NotAllowed("secret", name, "A rotation is under way: wait, or roll back. While the version before is still good, only an emergency begins another.");
    }

    private static async Task<Accepted<SecretResponse>> RollBackAsync(
        string name, SecretRollbackRequest request, ICallerAccessor caller, SecretCatalog catalog, IRotationStore store, CancellationToken cancellationToken)
    {
        var definition = catalog.Get(name);
        var reason = SecretRollbackRequest.Check(request.Reason);
        if (!await store.RequestRollbackAsync(definition.Name, caller.Current.Subject ?? Nobody, reason, cancellationToken))
        {
            throw ErrorException.NotAllowed("secret", name, "Nothing is under way, and no version before is good any more: rotate again instead.");
        }

        return TypedResults.Accepted(
            $"/api/v1/secrets/{name}", SecretResponse.From(definition, (await store.StatusAsync(definition.Name, cancellationToken)).SingleOrDefault()));
    }
}
