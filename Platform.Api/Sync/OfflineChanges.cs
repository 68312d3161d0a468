using System.Security.Cryptography;
using System.Text.Json;
using Platform.Api.Customers;
using Platform.Api.Http;
using Platform.Api.Orders;
using Platform.Api.Products;
using Platform.Conditional;
using Platform.Domain.Customers;
using Platform.Domain.Orders;
using Platform.Domain.Products;
using Platform.Errors;
using Platform.Idempotency;

namespace Platform.Api.Sync;

/// <summary>
/// Does what clients did offline: each change once, in a transaction of its own together with its result, and only to the version that the client knew.
/// </summary>
internal sealed class OfflineChanges(IServiceScopeFactory scopes)
{
    private const string Applied = "applied";

    public async Task<SyncUploadResponse> ApplyAsync(string client, SyncUpload upload, CancellationToken cancellationToken)
    {
        var changes = upload.Changes switch
        {
            not { Count: > 0 } => throw ErrorException.Validation(new FieldError("/changes", "required", "There is at least one change.")),
            { Count: > SyncUpload.MaxChanges } => throw ErrorException.Validation(new FieldError("/changes", "too_many", $"There are at most {SyncUpload.MaxChanges} changes.")),
            var some => some,
        };
        var results = new List<OfflineResult>(changes.Count);
        foreach (var change in changes)
        {
            results.Add(await ApplyAsync(client, change ?? new OfflineChange(null, null, null, null, null, null), cancellationToken));
        }

        return new SyncUploadResponse(results);
    }

    private async Task<OfflineResult> ApplyAsync(string client, OfflineChange change, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            Check(change);
            var fingerprint = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(change, ApiJson.Default.OfflineChange));
            var store = scope.ServiceProvider.GetRequiredService<IIdempotencyStore>();
            await using var attempt = await store.BeginAsync(client, $"sync:{change.ChangeId}", fingerprint, cancellationToken);
            switch (attempt.State)
            {
                case IdempotencyState.Answered:
                    return JsonSerializer.Deserialize(attempt.Answer!.Body.Span, ApiJson.Default.OfflineResult)!;
                case IdempotencyState.InFlight:
                    throw new ErrorException(ErrorCode.RequestInFlight, "This change is being applied. Send it again.");
                case IdempotencyState.OtherRequest:
                    throw new ErrorException(ErrorCode.IdempotencyKeyReused, "This changeId was used for another change.");
            }

            var result = new OfflineResult(change.ChangeId, Applied, await RunAsync(scope.ServiceProvider, change, cancellationToken));
            await attempt.CompleteAsync(
                new StoredAnswer(StatusCodes.Status200OK, new Dictionary<string, string>(), JsonSerializer.SerializeToUtf8Bytes(result, ApiJson.Default.OfflineResult)),
                CancellationToken.None);
            return result;
        }
        catch (ErrorException refused) when (refused.Code.Status < 500)
        {
            return await RefusedAsync(change, refused, cancellationToken);
        }
    }

    private async Task<OfflineResult> RefusedAsync(OfflineChange change, ErrorException refused, CancellationToken cancellationToken)
    {
        var error = new BatchError(refused.Code.Code, refused.Message, refused.Fields);

        // Gone is a conflict too: the client changed something that somebody else removed.
        if (change is not { Id: { } id, Kind: { } kind } || (refused.Code != ErrorCode.PreconditionFailed && refused.Code != ErrorCode.ResourceNotFound))
        {
            return new OfflineResult(change.ChangeId, "rejected", Error: error);
        }

        await using var scope = scopes.CreateAsyncScope();
        var current = await scope.ServiceProvider.GetRequiredService<SyncResources>().FindAsync([(kind, id)], cancellationToken);
        return new OfflineResult(change.ChangeId, "conflict", current[(kind, id)], change.Value, error);
    }

    private static void Check(OfflineChange change)
    {
        var errors = new FieldErrors();
        if (IdempotencyKey.Parse(change.ChangeId) != change.ChangeId || change.ChangeId is null or { Length: > 200 })
        {
            errors.Add("/changeId", "invalid", "A changeId has 1 to 200 visible ASCII characters.");
        }

        if (!SyncResources.Kinds.Contains(change.Kind, StringComparer.Ordinal))
        {
            errors.Add("/kind", "invalid", "A kind is customer, product or order.");
        }

        if (change.Operation is not ("create" or "patch" or "delete") || (change.Kind == "order" && change.Operation != "patch"))
        {
            errors.Add("/operation", "invalid", "An operation is create, patch or delete; an order can only be patched.");
        }

        if (change.Operation is "patch" or "delete")
        {
            if (change.Id is null)
            {
                errors.Add("/id", "required", "The resource is required.");
            }

            if (string.IsNullOrEmpty(change.BaseVersion) || !EntityTag.IsValid(change.BaseVersion))
            {
                errors.Add("/baseVersion", "required", "The version that was changed is required.");
            }
        }

        if (change.Operation is "create" or "patch" && change.Value is not { ValueKind: JsonValueKind.Object })
        {
            errors.Add("/value", "required", "What it becomes is required: an object.");
        }

        errors.ThrowIfAny();
    }

    private static async Task<SyncChange> RunAsync(IServiceProvider services, OfflineChange change, CancellationToken cancellationToken)
    {
        var id = change.Id ?? default;
        var value = change.Value ?? default;
        switch (change.Kind, change.Operation)
        {
            case ("customer", "create"):
                var newCustomer = MergePatch.Apply(new CustomerRequest(null, null), value).ToDetails();
                return SyncResources.Of(await services.GetRequiredService<RegisterCustomer>().HandleAsync(newCustomer, cancellationToken));
            case ("customer", "patch"):
                return SyncResources.Of(await services.GetRequiredService<UpdateCustomer>().HandleAsync(
                    new CustomerId(id), current => MergePatch.Apply(CustomerRequest.From(current), value).ToDetails(), Condition<CustomerResponse>(change), cancellationToken));
            case ("customer", _):
                await services.GetRequiredService<DeleteCustomer>().HandleAsync(new CustomerId(id), Condition<CustomerResponse>(change), cancellationToken);
                return new SyncChange("customer", id, Deleted: true, null);
            case ("product", "create"):
                var newProduct = MergePatch.Apply(new ProductRequest(null, null, null), value).ToDetails();
                return SyncResources.Of(await services.GetRequiredService<AddProduct>().HandleAsync(newProduct, cancellationToken));
            case ("product", "patch"):
                return SyncResources.Of(await services.GetRequiredService<UpdateProduct>().HandleAsync(
                    new ProductId(id), current => MergePatch.Apply(ProductRequest.From(current), value).ToDetails(), Condition<ProductResponse>(change), cancellationToken));
            case ("product", _):
                await services.GetRequiredService<DeleteProduct>().HandleAsync(new ProductId(id), Condition<ProductResponse>(change), cancellationToken);
                return new SyncChange("product", id, Deleted: true, null);
            default:
                return SyncResources.Of(await services.GetRequiredService<UpdateOrder>().HandleAsync(
                    new OrderId(id), order => MergePatch.Apply(new OrderChangeRequest(order.Reference), value).Reference, Condition<OrderResponse>(change), cancellationToken));
        }
    }

    private static WriteCondition Condition<T>(OfflineChange change) => new(new Preconditions(change.BaseVersion, null, null, null), ContractStamp<T>.Value);
}
