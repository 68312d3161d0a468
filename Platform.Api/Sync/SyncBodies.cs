using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Platform.Api.Customers;
using Platform.Api.Orders;
using Platform.Api.Products;

namespace Platform.Api.Sync;

/// <summary>What changed since a cursor.</summary>
/// <param name="Changes">At most as many as were asked for; each resource as it is now, at most once.</param>
/// <param name="Cursor">Where to go on. Keep it beside the data.</param>
/// <param name="More">Whether there is more right now.</param>
internal sealed record SyncResponse(IReadOnlyList<SyncChange> Changes, string Cursor, bool More);

/// <summary>A resource as it is now, or that it is gone.</summary>
/// <param name="Kind"><c>customer</c>, <c>product</c> or <c>order</c>.</param>
/// <param name="Id">Which.</param>
/// <param name="Deleted">Whether it is gone; then there is nothing but its id.</param>
/// <param name="Version">Its entity tag: the <c>baseVersion</c> of a change to it.</param>
/// <param name="Customer">The customer.</param>
/// <param name="Product">The product.</param>
/// <param name="Order">The order.</param>
internal sealed record SyncChange(
    string Kind, Guid Id, bool Deleted, string? Version, CustomerResponse? Customer = null, ProductResponse? Product = null, OrderResponse? Order = null);

/// <summary>What a client changed while it was offline.</summary>
/// <param name="Changes">1 to 100, done one after another. Required.</param>
internal sealed record SyncUpload([property: MinLength(1), MaxLength(SyncUpload.MaxChanges)] IReadOnlyList<OfflineChange?>? Changes)
{
    public const int MaxChanges = 100;
}

/// <summary>One change that a client made while it was offline.</summary>
/// <param name="ChangeId">The client's own name for the change: done once, however often it is sent. 1 to 200 visible ASCII characters. Required.</param>
/// <param name="Kind"><c>customer</c>, <c>product</c> or <c>order</c>. Required.</param>
/// <param name="Operation"><c>create</c>, <c>patch</c> or <c>delete</c>; an order can only be patched. Required.</param>
/// <param name="Id">Which resource; absent when it is created.</param>
/// <param name="BaseVersion">The version that the client changed: any other is a conflict. Required but for <c>create</c>.</param>
/// <param name="Value">What it becomes: the body of a POST, or a JSON Merge Patch.</param>
internal sealed record OfflineChange(string? ChangeId, string? Kind, string? Operation, Guid? Id, string? BaseVersion, JsonElement? Value);

/// <summary>What became of the changes.</summary>
/// <param name="Results">One a change, in the same order.</param>
internal sealed record SyncUploadResponse(IReadOnlyList<OfflineResult> Results);

/// <summary>What became of one change.</summary>
/// <param name="ChangeId">The client's own name for it.</param>
/// <param name="Status"><c>applied</c>, <c>conflict</c> (the resource is another version than the client changed) or <c>rejected</c>.</param>
/// <param name="Current">The resource as it is now: after the change, or what it conflicts with.</param>
/// <param name="Yours">What the client wanted, when it conflicts.</param>
/// <param name="Error">Why not.</param>
internal sealed record OfflineResult(string? ChangeId, string Status, SyncChange? Current = null, JsonElement? Yours = null, BatchError? Error = null);
