using System.ComponentModel.DataAnnotations;
using Platform.Errors;

namespace Platform.Api.Products;

/// <summary>Products to be added at once.</summary>
/// <param name="Items">1 to 100. Required.</param>
internal sealed record ProductBatchRequest([property: MinLength(1), MaxLength(ProductBatchRequest.MaxItems)] IReadOnlyList<ProductRequest?>? Items)
{
    public const int MaxItems = 100;

    public IReadOnlyList<ProductRequest?> Validated() => Items switch
    {
        not { Count: > 0 } => throw ErrorException.Validation(new FieldError("/items", "required", "A batch has at least one item.")),
        { Count: > MaxItems } => throw ErrorException.Validation(new FieldError("/items", "too_many", $"A batch has at most {MaxItems} items.")),
        _ => Items,
    };
}

/// <summary>What became of a batch.</summary>
/// <param name="Items">One result an item, in the same order.</param>
internal sealed record ProductBatchResponse(IReadOnlyList<ProductBatchResult> Items);

/// <summary>What became of one item.</summary>
/// <param name="Status">The status that the item alone would have been answered with: 201 when it was added.</param>
/// <param name="Product">The product, when it was added.</param>
/// <param name="Error">Why not, when it was not.</param>
internal sealed record ProductBatchResult(int Status, ProductResponse? Product, BatchError? Error);

/// <summary>Why an item was refused.</summary>
/// <param name="Code">The entry of the error catalogue.</param>
/// <param name="Detail">What happened, for a person.</param>
/// <param name="Errors">The invalid fields; their pointers begin at the item.</param>
internal sealed record BatchError(string Code, string Detail, IReadOnlyList<FieldError> Errors);
