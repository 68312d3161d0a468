using System.Diagnostics;
using System.Globalization;
using GraphQL;
using GraphQLParser.AST;
using Microsoft.Extensions.Options;
using Platform.Errors;
using Platform.GraphQL.Authorization;
using Platform.GraphQL.Errors;
using Platform.GraphQL.Limits.Budgets;
using Platform.GraphQL.PersistedDocuments;
using Platform.ServiceDefaults.Errors;

namespace Platform.GraphQL.Transport;

/// <summary>Answers one request: runs the steps in their order until one refuses or the last one has the result.</summary>
internal sealed class GraphQLEndpoint(
    IEnumerable<ITransportStep> steps,
    ErrorTaxonomy taxonomy,
    ResultWriter writer,
    RefusalFee fee,
    IntrospectionAccess introspection,
    TimeProvider time,
    IOptions<GraphQLOptions> options,
    ILogger<GraphQLEndpoint> logger)
{
    private readonly ITransportStep[] _steps = [.. steps];

    /// <summary>Handles the request.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        var started = time.GetTimestamp();
        var exchange = new GraphQLExchange(http);
        using var activity = Telemetry.Source.StartActivity("GraphQL Operation", ActivityKind.Internal);
        try
        {
            var refusal = await RunAsync(exchange);
            var errorType = refusal is null ? await AnswerAsync(exchange) : await RefuseAsync(exchange, refusal);
            Report(exchange, activity, errorType, started);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to answer.
        }
    }

    private async ValueTask<Refusal?> RunAsync(GraphQLExchange exchange)
    {
        foreach (var step in _steps)
        {
            if (await step.RunAsync(exchange, exchange.Http.RequestAborted) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private async Task<ErrorCode?> AnswerAsync(GraphQLExchange exchange)
    {
        var result = exchange.Result ?? throw new InvalidOperationException("No step produced a result.");
        var errors = Describe(exchange, result);

        // Section "Status Codes": an answer with data is 200, even when the data is null and errors say why.
        var status = result.Executed ? StatusCodes.Status200OK : exchange.MediaType.StatusOfRequestError(errors[0].Code.Status);
        await WriteAsync(exchange, status, errors, result.Executed, result.Data);
        return errors.Count > 0 ? errors[0].Code : null;
    }

    private async Task<ErrorCode?> RefuseAsync(GraphQLExchange exchange, Refusal refusal)
    {
        Log.RequestRefused(logger, refusal.Code.Code, refusal.Message);
        await fee.ChargeAsync(exchange);
        if (refusal.Allow is not null)
        {
            exchange.Http.Response.Headers.Allow = refusal.Allow;
        }

        if (refusal.Form == RefusalForm.Problem)
        {
            exchange.Http.SetError(new ErrorException(refusal.Code, refusal.Message) { RetryAfter = refusal.RetryAfter });
            exchange.Http.Response.StatusCode = refusal.Status;
            return refusal.Code;
        }

        var status = refusal.Form == RefusalForm.RequestError ? exchange.MediaType.StatusOfRequestError(refusal.Status) : refusal.Status;
        var error = new PublicError(refusal.Code, ErrorTaxonomy.Shortened(refusal.Message))
        {
            Locations = refusal.Location is { } location ? [location] : [],
            RetryAfter = refusal.RetryAfter,
        };
        await WriteAsync(exchange, status, [error], hasData: false, data: null);
        return refusal.Code;
    }

    private List<PublicError> Describe(GraphQLExchange exchange, ExecutionResult result)
    {
        if (result.Errors is null)
        {
            return [];
        }

        var mayIntrospect = introspection.Allows(exchange.Http.User);
        return [.. result.Errors.Take(options.Value.MaxErrors).Select(error => taxonomy.Describe(error, mayIntrospect))];
    }

    private async Task WriteAsync(GraphQLExchange exchange, int status, List<PublicError> errors, bool hasData, object? data)
    {
        var response = exchange.Http.Response;
        response.StatusCode = status;
        response.ContentType = exchange.MediaType.ContentType;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        if (errors.Find(error => error.RetryAfter is not null)?.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        writer.Write(response, errors, hasData, data, hasData ? exchange.Cost : null);
        await response.BodyWriter.FlushAsync(exchange.Http.RequestAborted);
    }

    private void Report(GraphQLExchange exchange, Activity? activity, ErrorCode? errorType, long started)
    {
        var operation = exchange.OperationIfKnown;
        var type = operation?.Operation switch
        {
            OperationType.Query => "query",
            OperationType.Mutation => "mutation",
            OperationType.Subscription => "subscription",
            _ => null,
        };
        var tags = new TagList();
        if (type is not null)
        {
            tags.Add(Telemetry.OperationType, type);
        }

        if (errorType is not null)
        {
            tags.Add(Telemetry.ErrorType, errorType.Code);
        }

        Telemetry.RequestDuration.Record(time.GetElapsedTime(started).TotalSeconds, tags);
        if (activity is null)
        {
            return;
        }

        activity.DisplayName = type ?? "GraphQL Operation";
        activity.SetTag(Telemetry.OperationType, type);
        activity.SetTag(Telemetry.OperationName, operation?.Name?.StringValue);
        activity.SetTag(Telemetry.DocumentId, exchange.DocumentId);
        activity.SetTag(Telemetry.Client, ClientName.Of(exchange.Http.Request));
        activity.SetTag(Telemetry.ErrorType, errorType?.Code);
        if (errorType is { Status: >= 500 })
        {
            activity.SetStatus(ActivityStatusCode.Error);
        }
    }
}
