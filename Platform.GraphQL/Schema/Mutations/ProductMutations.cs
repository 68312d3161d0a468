using GraphQL;
using GraphQL.Types;
using Platform.Conditional;
using Platform.Domain;
using Platform.Domain.Products;
using Platform.GraphQL.Limits.Cost;
using Platform.GraphQL.Schema.Products;
using Platform.GraphQL.Schema.Scalars;
using Platform.Identity;

namespace Platform.GraphQL.Schema.Mutations;

internal static class ProductMutations
{
    public static void AddProducts(this ObjectGraphType mutation)
    {
        mutation.Field<AddProductPayloadType>("addProduct")
            .Description("Adds a product to the catalogue.")
            .Cost(MutationExtensions.Cost)
            .AuthorizeWithPolicy(ApiScopes.CatalogWrite)
            .Argument<NonNullGraphType<AddProductInputType>>(MutationExtensions.Input)
            .ResolveAsync(async context => await context.RunAsync<AddProduct, ProductDetails, Product>(
                (add, details, _, token) => add.HandleAsync(details, token), product => product.Id.Value, FindAsync));
        mutation.Field<UpdateProductPayloadType>("updateProduct")
            .Description("Changes a product: what is given, and nothing else. Orders keep the name and the price that they were placed with.")
            .Cost(MutationExtensions.Cost)
            .AuthorizeWithPolicy(ApiScopes.CatalogWrite)
            .Argument<NonNullGraphType<UpdateProductInputType>>(MutationExtensions.Input)
            .ResolveAsync(async context => await context.RunAsync<UpdateProduct, ProductChange, Product>(
                (update, change, condition, token) => update.HandleAsync(change.Id, change.Of, condition, token), product => product.Id.Value, FindAsync));
        mutation.Field<DeleteProductPayloadType>("deleteProduct")
            .Description("Removes a product that nobody ordered.")
            .Cost(MutationExtensions.Cost)
            .AuthorizeWithPolicy(ApiScopes.CatalogWrite)
            .Argument<NonNullGraphType<DeleteProductInputType>>(MutationExtensions.Input)
            .ResolveAsync(async context => await context.RunAsync<DeleteProduct, ProductId, Deleted>(DeleteAsync, deleted => deleted.Id, FindDeletedAsync));
    }

    private static Task<Product?> FindAsync(IServiceProvider services, Guid id, CancellationToken cancellationToken) =>
        services.GetRequiredService<ProductQueries>().FindAsync(new ProductId(id), cancellationToken);

    private static async Task<Deleted> DeleteAsync(DeleteProduct delete, ProductId id, WriteCondition? condition, CancellationToken cancellationToken)
    {
        await delete.HandleAsync(id, condition, cancellationToken);
        return new Deleted(id.Value);
    }

    private static Task<Deleted?> FindDeletedAsync(IServiceProvider services, Guid id, CancellationToken cancellationToken) =>
        Task.FromResult<Deleted?>(new Deleted(id));
}

internal sealed class AddProductPayloadType() : NodePayloadType<Product, ProductType>("AddProductPayload", ApiScopes.CatalogWrite);

internal sealed class UpdateProductPayloadType() : NodePayloadType<Product, ProductType>("UpdateProductPayload", ApiScopes.CatalogWrite);

internal sealed class DeleteProductPayloadType() : DeletePayloadType("DeleteProductPayload", "deletedProductId", ApiScopes.CatalogWrite);

internal sealed class MoneyInputType : InputObjectGraphType<Money>
{
    public MoneyInputType()
    {
        Name = "MoneyInput";
        Description = "An amount with its currency.";
        Field<NonNullGraphType<DecimalType>>("amount").Description("How much, with at most two decimals.");
        Field<NonNullGraphType<StringGraphType>>("currency").Description("Three capital letters (ISO 4217).");
    }

    public override object ParseDictionary(IDictionary<string, object?> value) => new Money((decimal)value["amount"]!, (string)value["currency"]!);
}

internal sealed class AddProductInputType : MutationInputType<ProductDetails>
{
    public AddProductInputType()
        : base("AddProductInput", conditional: false)
    {
        Field<NonNullGraphType<StringGraphType>>("sku").Description($"The seller's own number, at most {Product.SkuMaxLength} characters, that no other product has.");
        Field<NonNullGraphType<StringGraphType>>("name").Description($"At most {Product.NameMaxLength} characters.");
        Field<NonNullGraphType<MoneyInputType>>("price").Description("The price of one piece.");
        Field<BooleanGraphType>("active").DefaultValue(true).Description("Whether it can be ordered.");
    }

    protected override ProductDetails Read(IDictionary<string, object?> fields) => new(
        (string?)fields["sku"], (string?)fields["name"], (Money?)fields["price"], fields.TryGetValue("active", out var active) ? (bool?)active : true);
}

/// <summary>What is to become of a product.</summary>
internal sealed record ProductChange(ProductId Id, Given<string>? Sku, Given<string>? Name, Given<Money?>? Price, Given<bool?>? Active)
{
    public ProductDetails Of(Product product) => new(
        Sku is { } sku ? sku.Value : product.Sku,
        Name is { } name ? name.Value : product.Name,
        Price is { } price ? price.Value : product.Price,
        Active is { } active ? active.Value : product.Active);
}

internal sealed class UpdateProductInputType : MutationInputType<ProductChange>
{
    public UpdateProductInputType()
        : base("UpdateProductInput", conditional: true)
    {
        Field<NonNullGraphType<IdType>>("productId").Description("Which product.");
        Field<StringGraphType>("sku").Description($"The seller's own number, at most {Product.SkuMaxLength} characters, that no other product has.");
        Field<StringGraphType>("name").Description($"At most {Product.NameMaxLength} characters.");
        Field<MoneyInputType>("price").Description("The price of one piece.");
        Field<BooleanGraphType>("active").Description("Whether it can be ordered.");
    }

    protected override ProductChange Read(IDictionary<string, object?> fields) => new(
        new ProductId((Guid)fields["productId"]!),
        Given<string>(fields, "sku"),
        Given<string>(fields, "name"),
        Given<Money?>(fields, "price"),
        Given<bool?>(fields, "active"));
}

internal sealed class DeleteProductInputType : MutationInputType<ProductId>
{
    public DeleteProductInputType()
        : base("DeleteProductInput", conditional: true) =>
        Field<NonNullGraphType<IdType>>("productId").Description("Which product.");

    protected override ProductId Read(IDictionary<string, object?> fields) => new((Guid)fields["productId"]!);
}
