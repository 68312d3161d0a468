using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Api.Documentation;
using Platform.Api.Http;
using Platform.Conditional;
using Platform.Domain.Paging;
using Platform.Domain.Products;
using Platform.Errors;
using Platform.Identity;
using Platform.ServiceDefaults.Compression;
using Platform.ServiceDefaults.Conditional;
using Platform.ServiceDefaults.Idempotency;

namespace Platform.Api.Products;

internal static class ProductEndpoints
{
    private static readonly (string, PageOrder)[] Sorts = [("createdAt", PageOrder.Created), ("name", PageOrder.Name)];

    public static void MapProducts(this IEndpointRouteBuilder api)
    {
        var products = api.MapGroup("/products").WithTags("Products");

        products.MapGet("/", ListAsync).WithName("ListProducts").WithSummary("List products, the newest first")
            .RequireAuthorization(ApiScopes.CatalogRead)
            .WithListVersion("product", ListVersionAsync)
            .Compresses()
            .Refuses(ErrorCode.ValidationError);
        products.MapGet("/{id:guid}", GetAsync).WithName("GetProduct").WithSummary("Get a product")
            .RequireAuthorization(ApiScopes.CatalogRead)
            .WithVersion("product", VersionAsync)
            .Refuses(ErrorCode.ResourceNotFound);
        products.MapPost("/", CreateAsync).WithName("CreateProduct").WithSummary("Add a product")
            .RequireAuthorization(ApiScopes.CatalogWrite)
            .ReadsBody()
            .Idempotent()
            .Refuses(ErrorCode.ResourceAlreadyExists);
        products.MapPost("/batch", CreateBatchAsync).WithName("CreateProducts").WithSummary("Add up to 100 products")
            .WithDescription("Each is added or refused by itself, and has its own result; the answer is 200 whatever those are.")
            .RequireAuthorization(ApiScopes.CatalogWrite)
            .ReadsBody()
            .Idempotent();
        products.MapPut("/{id:guid}", UpdateAsync).WithName("UpdateProduct").WithSummary("Change a product")
            .WithDescription("Orders that were placed keep the name and the price that they were placed with.")
            .RequireAuthorization(ApiScopes.CatalogWrite)
            .ReadsBody()
            .RequiresVersion()
            .Refuses(ErrorCode.ResourceNotFound, ErrorCode.ResourceAlreadyExists, ErrorCode.OperationNotAllowed);
        products.MapPatch("/{id:guid}", PatchAsync).WithName("PatchProduct").WithSummary("Change some of a product")
            .WithDescription("A JSON Merge Patch (RFC 7396).")
            .RequireAuthorization(ApiScopes.CatalogWrite)
            .ReadsPatch<ProductRequest>()
            .RequiresVersion()
            .Refuses(ErrorCode.ResourceNotFound, ErrorCode.ResourceAlreadyExists, ErrorCode.OperationNotAllowed);
        products.MapDelete("/{id:guid}", DeleteAsync).WithName("DeleteProduct").WithSummary("Remove a product that was never ordered")
            .RequireAuthorization(ApiScopes.CatalogWrite)
            .RequiresVersion(always: true)
            .Refuses(ErrorCode.ResourceNotFound, ErrorCode.OperationNotAllowed);
    }

    private static async Task<Ok<PageResponse<ProductResponse>>> ListAsync(
        [AsParameters] ProductFilterQuery filter,
        [AsParameters] PageQuery page,
        HttpContext http,
        ProductQueries products,
        CancellationToken cancellationToken)
    {
        var (list, chosen) = Read(http, page, filter);
        var items = await products.ListAsync(list.Request, chosen, cancellationToken);
        return Shown.Page(http, list, items, ProductResponse.From, product => (product.Id.Value, product.RowVersion));
    }

    private static async Task<Validators?> ListVersionAsync(HttpContext http)
    {
        var query = http.Request.Query;
        var (list, filter) = Read(http, new PageQuery(query["limit"], query["sort"], query["cursor"]), new ProductFilterQuery(query["active"], query["sku"]));
        return Shown.Validators<ProductResponse>(
            http, list, await http.RequestServices.GetRequiredService<ProductQueries>().ListVersionsAsync(list.Request, filter, http.RequestAborted));
    }

    private static (ListPage List, ProductFilter Filter) Read(HttpContext http, PageQuery page, ProductFilterQuery filter)
    {
        var errors = new FieldErrors();
        var chosen = filter.ToFilter(errors);
        return (page.Read(http, Sorts, ProductFilterQuery.Names, errors), chosen);
    }

    private static async Task<Ok<ProductResponse>> GetAsync(Guid id, HttpContext http, ProductQueries products, CancellationToken cancellationToken) =>
        await products.FindAsync(new ProductId(id), cancellationToken) is { } product
            ? Shown.One(http, ProductResponse.From(product), product.RowVersion)
            : throw ErrorException.NotFound("product", id);

    private static async Task<Validators?> VersionAsync(HttpContext http) =>
        await http.RequestServices.GetRequiredService<ProductQueries>().VersionAsync(new ProductId(http.RouteId()), http.RequestAborted) is { } version
            ? Shown.Validators<ProductResponse>(http, version)
            : null;

    private static async Task<Created<ProductResponse>> CreateAsync(
        ProductRequest request, HttpContext http, AddProduct addProduct, CancellationToken cancellationToken)
    {
        var product = await addProduct.HandleAsync(request.ToDetails(), cancellationToken);
        return Shown.Created(http, $"/api/v1/products/{product.Id}", ProductResponse.From(product), product.RowVersion);
    }

    private static async Task<Ok<ProductBatchResponse>> CreateBatchAsync(
        ProductBatchRequest request, AddProductBatch addBatch, CancellationToken cancellationToken) =>
        TypedResults.Ok(await addBatch.HandleAsync(request, cancellationToken));

    private static async Task<Ok<ProductResponse>> UpdateAsync(
        Guid id, ProductRequest request, HttpContext http, UpdateProduct updateProduct, CancellationToken cancellationToken)
    {
        var product = await updateProduct.HandleAsync(new ProductId(id), request.ToDetails(), http.Condition<ProductResponse>(), cancellationToken);
        return Shown.Written(http, $"/api/v1/products/{product.Id}", ProductResponse.From(product), product.RowVersion);
    }

    private static async Task<Ok<ProductResponse>> PatchAsync(
        Guid id, JsonElement patch, HttpContext http, UpdateProduct updateProduct, CancellationToken cancellationToken)
    {
        var product = await updateProduct.HandleAsync(
            new ProductId(id),
            current => MergePatch.Apply(ProductRequest.From(current), patch).ToDetails(),
            http.Condition<ProductResponse>(),
            cancellationToken);
        return Shown.Written(http, $"/api/v1/products/{product.Id}", ProductResponse.From(product), product.RowVersion);
    }

    private static async Task<NoContent> DeleteAsync(Guid id, HttpContext http, DeleteProduct deleteProduct, CancellationToken cancellationToken)
    {
        await deleteProduct.HandleAsync(new ProductId(id), http.Condition<ProductResponse>(), cancellationToken);
        return TypedResults.NoContent();
    }
}
