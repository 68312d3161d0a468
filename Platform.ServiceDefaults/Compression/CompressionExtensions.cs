using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Platform.ServiceDefaults.Compression;

/// <summary>Compresses answers where it pays.</summary>
public static class CompressionExtensions
{
    private static readonly string[] MediaTypes = ["application/json", "application/graphql-response+json", "text/html", "text/javascript", "application/javascript"];

    /// <summary>
    /// Compresses with Zstandard, Brotli or gzip, as the client prefers: answers of endpoints that are marked with <see cref="Compresses"/>, and any of a known length
    /// from 1 KiB on. Over TLS, too: answers carry no secret beside text of somebody else's choice, and tokens stay in headers.
    /// </summary>
    public static IHostApplicationBuilder AddCompression(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.MimeTypes = MediaTypes;
            options.Providers.Add<ZstdCompressionProvider>();
            options.Providers.Add<BrotliCompressionProvider>();
            options.Providers.Add<GzipCompressionProvider>();
        });

        // The levels at which time spent and bytes saved are in balance for text that is made for each request.
        builder.Services.Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
        builder.Services.Configure<GzipCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
        builder.Services.Replace(ServiceDescriptor.Singleton<IResponseCompressionProvider, PayingCompression>());
        return builder;
    }

    /// <summary>Compresses the answers behind it; before what writes them.</summary>
    public static IApplicationBuilder UseCompression(this IApplicationBuilder app) => app.UseResponseCompression();

    /// <summary>Says that the endpoint's answers are large, such as lists.</summary>
    public static RouteHandlerBuilder Compresses(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(CompressesMetadata.Instance);

    private sealed class CompressesMetadata
    {
        public static readonly CompressesMetadata Instance = new();
    }

    private sealed class PayingCompression(IServiceProvider services, IOptions<ResponseCompressionOptions> options)
        : ResponseCompressionProvider(services, options)
    {
        private const int LeastBytes = 1_024;

        public override bool ShouldCompressResponse(HttpContext context) =>
            (context.Response.ContentLength >= LeastBytes || context.GetEndpoint()?.Metadata.GetMetadata<CompressesMetadata>() is not null)
            && base.ShouldCompressResponse(context);
    }
}
