using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Platform.Errors;

namespace Platform.ServiceDefaults.Errors;

/// <summary>
/// Explains why a request did not become the arguments of its endpoint. The framework stops at the first that does not fit, and names it in words of the code; here
/// every parameter and every place of the body is named as the caller knows it.
/// </summary>
internal static class BindingErrors
{
    private static readonly MethodInfo TryParse = typeof(BindingErrors).GetMethod(nameof(CanParse), BindingFlags.Static | BindingFlags.NonPublic)!;

    /// <summary>Explains a refusal; null when there is no more to say than the framework says.</summary>
    public static async ValueTask<ErrorException?> ExplainAsync(HttpContext context, BadHttpRequestException refusal)
    {
        if (context.GetEndpoint() is not { } endpoint)
        {
            return null;
        }

        return refusal switch
        {
            { InnerException: JsonException json } when !IsMalformed(json) => await OfBodyAsync(context, endpoint, refusal),
            { InnerException: null, StatusCode: StatusCodes.Status400BadRequest } => OfParameters(context, endpoint, refusal),
            _ => null,
        };
    }

    /// <summary>Tells a text that is no JSON from JSON that does not fit: the reader's own exception is inside.</summary>
    public static bool IsMalformed(JsonException json) => json.InnerException is JsonException || json.Path is null;

    // The body can be read again where the host has it kept (EnableBuffering).
    private static async ValueTask<ErrorException?> OfBodyAsync(HttpContext context, Endpoint endpoint, Exception cause)
    {
        var options = context.RequestServices.GetService<IOptions<JsonOptions>>()?.Value.SerializerOptions;
        if (context.Request.Body is not { CanSeek: true } body
            || endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType is not { } type
            || options is null || !options.TryGetTypeInfo(type, out var info))
        {
            return null;
        }

        body.Position = 0;
        try
        {
            using var document = await JsonDocument.ParseAsync(body, new JsonDocumentOptions { MaxDepth = options.MaxDepth }, context.RequestAborted);
            return JsonShape.Errors(document.RootElement, info) is { Count: > 0 } errors ? ErrorException.Validation(cause, errors) : null;
        }
        catch (JsonException)
        {
            // The text behind the first error is no JSON.
            return null;
        }
    }

    private static ErrorException? OfParameters(HttpContext context, Endpoint endpoint, Exception cause)
    {
        var errors = new FieldErrors();
        foreach (var parameter in endpoint.Metadata.GetOrderedMetadata<IParameterBindingMetadata>())
        {
            Look(context, parameter, errors);
        }

        return errors.IsEmpty ? null
            : errors.All.All(error => error.Code == "required") ? ErrorException.Missing(cause, errors.All)
            : ErrorException.Validation(cause, errors.All);
    }

    private static void Look(HttpContext context, IParameterBindingMetadata parameter, FieldErrors errors)
    {
        var attributes = parameter.ParameterInfo.GetCustomAttributes().ToArray();
        var header = attributes.OfType<IFromHeaderMetadata>().FirstOrDefault();
        var query = attributes.OfType<IFromQueryMetadata>().FirstOrDefault();
        if (header is null && query is null && !parameter.HasTryParse && parameter.ParameterInfo.ParameterType != typeof(string))
        {
            // A service, the body, or one that binds itself.
            return;
        }

        var name = header?.Name ?? query?.Name ?? parameter.Name;
        var values = header is not null ? context.Request.Headers[name]
            : context.Request.RouteValues.TryGetValue(name, out var route) ? new StringValues(route?.ToString())
            : context.Request.Query[name];
        var pointer = JsonPointer.Child("", name);
        if (values.Count == 0)
        {
            if (!parameter.IsOptional)
            {
                errors.Add(pointer, "required", "A value is required.");
            }
        }
        else if (!Fits(values, parameter.ParameterInfo.ParameterType))
        {
            errors.Add(pointer, "invalid", "The value has the wrong type, form or range.");
        }
    }

    private static bool Fits(StringValues values, Type type)
    {
        var single = type.IsArray ? type.GetElementType()! : type;
        var bare = Nullable.GetUnderlyingType(single) ?? single;
        return values.All(value => Parses(value, bare));
    }

    private static bool Parses(string? value, Type type)
    {
        if (type == typeof(string))
        {
            return true;
        }

        if (type.IsEnum)
        {
            return Enum.TryParse(type, value, out _);
        }

        // What binds by a method of another form is not looked at.
        return !type.GetInterfaces().Any(contract => contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IParsable<>))
            || (bool)TryParse.MakeGenericMethod(type).Invoke(null, [value])!;
    }

    private static bool CanParse<T>(string? value)
        where T : IParsable<T> => T.TryParse(value, CultureInfo.InvariantCulture, out _);
}
