using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Platform.Api.Http;
using Platform.EntityFrameworkCore.Identity;
using Platform.ServiceDefaults.Http;
using Scalar.AspNetCore;

namespace Platform.Api.Documentation;

/// <summary>The API describes itself: a document for programs, a page for people. Both are open.</summary>
internal static class DocumentationExtensions
{
    private const string DocumentName = "v1";

    // The page starts its script in the page itself, and the script adds style sheets. It talks to this host only.
    private const string PagePolicy =
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "connect-src 'self'; worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    public static void AddDocumentation(this IServiceCollection services)
    {
        services.AddOpenApi(DocumentName, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.CreateSchemaReferenceId = NameOf;
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new OpenApiInfo
                {
                    Title = "Platform API",
                    Version = DocumentName,
                    Description = "Customers, products and orders, and what operators need. Every error is a problem document (RFC 9457) with a code of one catalogue. "
                        + "Answers may get more members and enumerations more values: clients let pass what they do not know. A request may carry `X-Correlation-Id` "
                        + "and `traceparent`, which come back or go on.",
                    License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
                    Contact = new OpenApiContact { Name = "The Platform authors" },
                };

                // Relative to the document, so that it is the same behind any name.
                document.Servers = [new OpenApiServer { Url = "/" }];
                return Task.CompletedTask;
            });
            options.AddSchemaTransformer<BodySchemas>();
            options.AddDocumentTransformer<SecurityRequirements>();
            options.AddDocumentTransformer<BodySchemas>();
            options.AddDocumentTransformer<DocumentTags>();
            options.AddOperationTransformer<SecurityRequirements>();
            options.AddOperationTransformer<QueryParameters>();
            options.AddOperationTransformer<PatchBodies>();
            options.AddOperationTransformer<RequestFields>();
            options.AddOperationTransformer<ErrorResponses>();
            options.AddOperationTransformer<AnswerFields>();
        });
        services.AddSingleton<DocumentText>();
    }

    // What holds any JSON has no name, and a page is named for what is on it.
    private static string? NameOf(JsonTypeInfo info) => info.Type switch
    {
        var type when type == typeof(JsonElement) || type == typeof(JsonElement?) => null,
        { IsGenericType: true } type when type.GetGenericTypeDefinition() == typeof(PageResponse<>) =>
            $"{type.GenericTypeArguments[0].Name.Replace("Response", "", StringComparison.Ordinal)}Page",
        _ => OpenApiOptions.CreateDefaultSchemaReferenceId(info),
    };

    /// <summary>Maps <c>/openapi/v1.json</c> and <c>/scalar</c>, whose script comes from here too; in Development the bare address leads there.</summary>
    public static void MapDocumentation(this WebApplication app)
    {
        app.MapGet($"/openapi/{DocumentName}.json", async (DocumentText text, CancellationToken cancellationToken) =>
                TypedResults.Bytes(await text.GetAsync(), "application/json"))
            .ExcludeFromDescription()
            .AllowAnonymous();
        app.MapScalarApiReference("/scalar", options =>
            {
                options.WithTitle("Platform API").WithOpenApiRoutePattern("/openapi/{documentName}.json").AddDocument(DocumentName);
                options.DefaultFonts = false;
                options.Telemetry = false;
                options.AddPreferredSecuritySchemes(SecurityRequirements.Scheme);
                if (app.Environment.IsDevelopment())
                {
                    options.AddClientCredentialsFlow(
                        SecurityRequirements.Scheme,
                        flow => (flow.ClientId, flow.ClientSecret) = (IdentitySeed.DemoClientId, IdentitySeed.DemoClientSecret));
                }
            })
            .WithMetadata(new ContentPolicy(PagePolicy))
            .AllowAnonymous();
        if (app.Environment.IsDevelopment())
        {
            app.MapGet("/", () => TypedResults.Redirect("/scalar/")).ExcludeFromDescription().AllowAnonymous();
        }
    }
}
