using System.Text.Json;
using GraphQL;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Platform.Errors;

namespace Platform.GraphQL.Transport.Steps;

/// <summary>
/// Takes the parameters and files of a POST from a form, where that is asked for (GraphQL multipart request specification): <c>operations</c>, <c>map</c>, and the
/// files, which become values of variables.
/// </summary>
/// <remarks>
/// A page of another origin can post a form without asking first (Fetch, "CORS-safelisted request-header"), so a form counts only with a header field that such a
/// page cannot set.
/// </remarks>
internal sealed class ReadUploads(IOptions<GraphQLOptions> options) : IHttpStep
{
    private const string Operations = "operations";
    private const string Map = "map";
    private const string Form = "multipart/form-data";
    private const int FormOverhead = 64 * 1_024;

    // What clients send for this purpose; any value will do.
    private static readonly string[] PreflightHeaders = ["GraphQL-Preflight", "GraphQL-Require-Preflight", "Apollo-Require-Preflight", "X-Requested-With"];

    private readonly GraphQLOptions _options = options.Value;

    /// <summary>Whether this step reads the request, and not the one for JSON.</summary>
    public static bool Takes(HttpRequest request, GraphQLOptions options) =>
        options.MaxUploadBytes > 0
        && HttpMethods.IsPost(request.Method)
        && MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals(Form, StringComparison.OrdinalIgnoreCase);

    public async ValueTask<Refusal?> RunAsync(GraphQLExchange exchange, CancellationToken cancellationToken)
    {
        var request = exchange.Http.Request;
        if (!Takes(request, _options))
        {
            return null;
        }

        if (!PreflightHeaders.Any(request.Headers.ContainsKey))
        {
            return Refusal.Http(ErrorCode.Forbidden, $"A form needs a header field that another site cannot send: {PreflightHeaders[0]}.");
        }

        var limit = _options.MaxUploadBytes + _options.MaxBodyBytes + FormOverhead;
        if (request.ContentLength > limit)
        {
            return TooLarge();
        }

        if (exchange.Http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = limit;
        }

        try
        {
            var form = await request.ReadFormAsync(
                new FormOptions { MultipartBodyLengthLimit = _options.MaxUploadBytes, ValueLengthLimit = _options.MaxBodyBytes, ValueCountLimit = 2 + _options.MaxUploadFiles },
                cancellationToken);
            return Read(exchange, form);
        }
        catch (Exception exception) when (exception is InvalidDataException or BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge })
        {
            return TooLarge();
        }
        catch (JsonException)
        {
            return Refusal.Malformed("The fields 'operations' and 'map' are not JSON.");
        }
    }

    private Refusal? Read(GraphQLExchange exchange, IFormCollection form)
    {
        if (form.Files.Count > _options.MaxUploadFiles)
        {
            return TooLarge();
        }

        using var operations = JsonDocument.Parse(form[Operations].ToString(), RequestJson.DocumentOptions);
        if (!RequestJson.TryRead(operations.RootElement, out var parameters, out var refusal))
        {
            return refusal;
        }

        using var map = JsonDocument.Parse(form[Map].ToString(), RequestJson.DocumentOptions);
        if (map.RootElement.ValueKind is not JsonValueKind.Object)
        {
            return Refusal.Malformed("The field 'map' is not an object.");
        }

        object? variables = parameters.Variables?.ToDictionary(pair => pair.Key, pair => pair.Value);
        foreach (var entry in map.RootElement.EnumerateObject())
        {
            if (form.Files.GetFile(entry.Name) is not { } file || entry.Value.ValueKind is not JsonValueKind.Array)
            {
                return Refusal.Malformed("The field 'map' names a file that did not come.");
            }

            foreach (var path in entry.Value.EnumerateArray())
            {
                if (path.ValueKind is not JsonValueKind.String || path.GetString()!.Split('.') is not ["variables", .. { Length: > 0 } steps] || !TrySet(ref variables, steps, file))
                {
                    return Refusal.Malformed("The field 'map' names a place that is not null in the variables.");
                }
            }
        }

        exchange.Parameters = parameters with { Variables = variables is Dictionary<string, object?> filled ? new Inputs(filled) : null };
        return null;
    }

    // A file takes the place of a null, and of nothing else.
    private static bool TrySet(ref object? place, ReadOnlySpan<string> steps, IFormFile file)
    {
        if (steps.IsEmpty)
        {
            var free = place is null;
            place = file;
            return free;
        }

        switch (place)
        {
            case IDictionary<string, object?> map when map.TryGetValue(steps[0], out var value):
                var set = TrySet(ref value, steps[1..], file);
                map[steps[0]] = value;
                return set;
            case IList<object?> list when int.TryParse(steps[0], out var index) && index >= 0 && index < list.Count:
                var item = list[index];
                var done = TrySet(ref item, steps[1..], file);
                list[index] = item;
                return done;
            default:
                return false;
        }
    }

    private Refusal TooLarge() => Refusal.Http(
        ErrorCode.PayloadTooLarge, $"A form has at most {_options.MaxUploadFiles} files of {_options.MaxUploadBytes} bytes each.");
}
