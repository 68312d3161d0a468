using Platform.Domain.Persistence;
using Platform.Domain.Products;
using Platform.Errors;

namespace Platform.Api.Products;

/// <summary>
/// Adds products one by one in one transaction: those that are refused leave nothing behind, the others are saved together. A savepoint that EF Core sets
/// before each save makes that so.
/// </summary>
internal sealed class AddProductBatch(PlatformDbContext database, AddProduct add)
{
    public async Task<ProductBatchResponse> HandleAsync(ProductBatchRequest batch, CancellationToken cancellationToken)
    {
        var items = batch.Validated();
        var results = new List<ProductBatchResult>(items.Count);

        // Behind an idempotency key there is one already.
        var transaction = database.Database.CurrentTransaction is null ? await database.Database.BeginTransactionAsync(cancellationToken) : null;
        await using (transaction)
        {
            foreach (var item in items)
            {
                results.Add(await AddAsync(item, cancellationToken));
            }

            if (transaction is not null)
            {
                await transaction.CommitAsync(cancellationToken);
            }
        }

        return new ProductBatchResponse(results);
    }

    private async Task<ProductBatchResult> AddAsync(ProductRequest? item, CancellationToken cancellationToken)
    {
        try
        {
            var product = await add.HandleAsync((item ?? new ProductRequest(null, null, null)).ToDetails(), cancellationToken);
            return new(StatusCodes.Status201Created, ProductResponse.From(product), null);
        }
        catch (ErrorException refused) when (refused.Code.Status < 500)
        {
            return new(refused.Code.Status, null, new BatchError(refused.Code.Code, refused.Message, refused.Fields));
        }
        finally
        {
            database.ChangeTracker.Clear();
        }
    }
}
