using System.Globalization;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Exporter;
using Platform.Redaction;
using Platform.ServiceDefaults.Redaction;

namespace Platform.ServiceDefaults.Telemetry.Export;

/// <summary>
/// Where a signal goes: OpenTelemetry specification, "OpenTelemetry Protocol Exporter". The signal's own variables go before those of all, and may
/// come from any source of the configuration.
/// </summary>
internal sealed class OtlpSettings
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_";

    // Certificates are the business of the exporter's own client.
    private static readonly string[] CertificateKeys = [Prefix + "CERTIFICATE", Prefix + "CLIENT_CERTIFICATE", Prefix + "CLIENT_KEY"];

    private readonly IConfiguration _configuration;
    private readonly string _signal;

    private OtlpSettings(IConfiguration configuration, string signal) => (_configuration, _signal) = (configuration, signal);

    /// <summary>The settings of a signal; <see langword="null"/> where it is not sent.</summary>
    /// <param name="configuration">The host's.</param>
    /// <param name="signal"><c>traces</c>, <c>metrics</c> or <c>logs</c>.</param>
    public static OtlpSettings? Of(IConfiguration configuration, string signal)
    {
        var settings = new OtlpSettings(configuration, signal);
        return settings.Read("ENDPOINT") is null ? null : settings;
    }

    public OtlpExporterOptions Options()
    {
        var options = new OtlpExporterOptions();
        Apply(options);
        return options;
    }

    /// <summary>Sets how the signal is sent.</summary>
    /// <param name="options">The exporter's.</param>
    /// <param name="redactor">Redacts requests of metrics, whose attributes nothing before the exporter can change.</param>
    public void Apply(OtlpExporterOptions options, Func<Redactor>? redactor = null)
    {
        options.Protocol = Read("PROTOCOL") switch
        {
            "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
            _ => OtlpExportProtocol.Grpc,
        };
        options.Endpoint = Endpoint(options.Protocol);
        options.Headers = Read("HEADERS") ?? options.Headers;
        if (int.TryParse(Read("TIMEOUT"), NumberStyles.None, CultureInfo.InvariantCulture, out var timeout) && timeout > 0)
        {
            options.TimeoutMilliseconds = timeout;
        }

        if (Read("COMPRESSION") is "gzip")
        {
            options.Compression = OtlpExportCompression.GZip;
        }

        if (Array.TrueForAll(CertificateKeys, key => string.IsNullOrWhiteSpace(_configuration[key])))
        {
            var limit = TimeSpan.FromMilliseconds(options.TimeoutMilliseconds);
            var isGrpc = options.Protocol is OtlpExportProtocol.Grpc;
            options.HttpClientFactory = () => new HttpClient(Handler(isGrpc, redactor)) { Timeout = limit };
        }
    }

    private HttpMessageHandler Handler(bool isGrpc, Func<Redactor>? redactor)
    {
        var watch = new ExportWatch(_signal, isGrpc);
        return redactor is null ? watch : new SafeMetricsHandler(redactor, isGrpc, watch);
    }

    private Uri Endpoint(OtlpExportProtocol protocol)
    {
        if (Own("ENDPOINT") is { } own)
        {
            return new Uri(own);
        }

        var all = new Uri(Read("ENDPOINT")!);
        return protocol is OtlpExportProtocol.Grpc ? all : new Uri($"{all.GetLeftPart(UriPartial.Path).TrimEnd('/')}/v1/{_signal}{all.Query}");
    }

    private string? Read(string name) => Own(name) ?? Value(Prefix + name);

    private string? Own(string name) => Value($"{Prefix}{_signal.ToUpperInvariant()}_{name}");

    private string? Value(string key) => _configuration[key] is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
}
