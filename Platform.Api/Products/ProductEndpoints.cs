using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Api.Documentation;
using Platform.Api.Http;
using Platform.Domain.Products;
using Platform.Errors;
using Platform.Identity;

namespace Platform.Api.Products;

internal static class ProductEndpoints
{
    public static void MapProducts(this IEndpointRouteBuilder api)
    {
        var products = api.MapGroup("/products").WithTags("Products");

        products.MapGet("/", ListAsync).WithName("ListProducts").WithSummary("List products, the newest first")
            .RequireAuthorization(ApiScopes.CatalogRead)
            .Refuses(ErrorCode.ValidationError);
        products.MapGet("/{id:guid}", GetAsync).WithName("GetProduct").WithSummary("Get a product")
            .RequireAuthorization(ApiScopes.CatalogRead)
            .Refuses(ErrorCode.ResourceNotFound);
        products.MapPost("/", CreateAsync).WithName("CreateProduct").WithSummary("Add a product")
            .RequireAuthorization(ApiScopes.CatalogWrite)
            .ReadsBody()
            .Refuses(ErrorCode.ResourceAlreadyExists);
        products.MapPut("/{id:guid}", UpdateAsync).WithName("UpdateProduct").WithSummary("Change a product")
            .WithDescription("Orders that were placed keep the name and the price that they were placed with.")
            .RequireAuthorization(ApiScopes.CatalogWrite)
            .ReadsBody()
            .Refuses(ErrorCode.ResourceNotFound, ErrorCode.ResourceAlreadyExists, ErrorCode.OperationNotAllowed);
    }

    private static async Task<Ok<PageResponse<ProductResponse>>> ListAsync(
        [AsParameters] PageQuery page, ProductQueries products, CancellationToken cancellationToken) =>
        TypedResults.Ok(PageResponse.From(await products.ListAsync(page.ToRequest(), cancellationToken), ProductResponse.From));

    private static async Task<Ok<ProductResponse>> GetAsync(Guid id, ProductQueries products, CancellationToken cancellationToken) =>
        await products.FindAsync(new ProductId(id), cancellationToken) is { } product
            ? TypedResults.Ok(ProductResponse.From(product))
            : throw ErrorException.NotFound("product", id);

    private static async Task<Created<ProductResponse>> CreateAsync(
        ProductRequest request, AddProduct addProduct, CancellationToken cancellationToken)
    {
        var product = await addProduct.HandleAsync(request.ToDetails(), cancellationToken);
        return TypedResults.Created($"/api/v1/products/{product.Id}", ProductResponse.From(product));
    }

    private static async Task<Ok<ProductResponse>> UpdateAsync(
        Guid id, ProductRequest request, UpdateProduct updateProduct, CancellationToken cancellationToken) =>
        TypedResults.Ok(ProductResponse.From(await updateProduct.HandleAsync(new ProductId(id), request.ToDetails(), cancellationToken)));
}
