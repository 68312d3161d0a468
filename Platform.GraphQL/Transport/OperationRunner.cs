using System.Diagnostics;
using GraphQL;
using GraphQLParser.AST;
using Microsoft.Extensions.Options;
using Platform.Errors;
using Platform.GraphQL.Errors;
using Platform.GraphQL.PersistedDocuments;

namespace Platform.GraphQL.Transport;

/// <summary>Runs the steps in their order until one refuses or the last one has the result, and tells what came of it.</summary>
internal sealed class OperationRunner
{
    private readonly IHttpStep[] _reading;
    private readonly ITransportStep[] _operation;
    private readonly ErrorTaxonomy _taxonomy;
    private readonly TimeProvider _time;
    private readonly GraphQLOptions _options;
    private readonly ILogger<OperationRunner> _logger;

    public OperationRunner(
        IEnumerable<ITransportStep> steps, ErrorTaxonomy taxonomy, TimeProvider time, IOptions<GraphQLOptions> options, ILogger<OperationRunner> logger)
    {
        var all = steps.ToArray();
        _reading = [.. all.OfType<IHttpStep>()];
        _operation = [.. all.Where(step => step is not IHttpStep)];
        (_taxonomy, _time, _options, _logger) = (taxonomy, time, options.Value, logger);
    }

    /// <summary>Begins an exchange.</summary>
    public GraphQLExchange Begin(HttpContext http, RequestParameters? inner = null)
    {
        var exchange = new GraphQLExchange(http, _time.GetTimestamp()) { IsInner = inner is not null };
        if (inner is not null)
        {
            exchange.Parameters = inner;
        }

        return exchange;
    }

    /// <summary>Reads the request off HTTP.</summary>
    public async ValueTask<Refusal?> ReadAsync(GraphQLExchange exchange)
    {
        foreach (var step in _reading)
        {
            if (await step.RunAsync(exchange, exchange.Http.RequestAborted) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    /// <summary>Runs the operation that was read.</summary>
    public async Task<OperationAnswer> RunAsync(GraphQLExchange exchange)
    {
        using var activity = Telemetry.Source.StartActivity("GraphQL Operation", ActivityKind.Internal);
        foreach (var step in _operation)
        {
            if (await step.RunAsync(exchange, exchange.Http.RequestAborted) is { } refusal)
            {
                return Refuse(exchange, refusal, activity);
            }
        }

        var answer = exchange.Stream is { } stream
            ? new OperationAnswer([], HasData: false, Data: null) { Stream = stream }
            : Describe(exchange.Result ?? throw new InvalidOperationException("No step produced a result."));

        // A subscription that does not begin has no data, not even null (section 6.2.3.1).
        if (answer.Stream is null && exchange.Operation.Operation is OperationType.Subscription)
        {
            answer = answer with { HasData = false };
        }

        Report(exchange, activity, answer.Errors.Count > 0 ? answer.Errors[0].Code : null);
        return answer;
    }

    /// <summary>The answer to a request that goes no further.</summary>
    public OperationAnswer Refuse(GraphQLExchange exchange, Refusal refusal, Activity? activity = null)
    {
        Log.RequestRefused(_logger, refusal.Code.Code, refusal.Message);
        Report(exchange, activity, refusal.Code);
        var error = new PublicError(refusal.Code, ErrorTaxonomy.Shortened(refusal.Message))
        {
            Locations = refusal.Location is { } location ? [location] : [],
        };
        return new([error], HasData: false, Data: null) { Refusal = refusal };
    }

    /// <summary>The answer that an execution comes to.</summary>
    public OperationAnswer Describe(ExecutionResult result) => new(
        result.Errors is null ? [] : [.. result.Errors.Take(_options.MaxErrors).Select(_taxonomy.Describe)], result.Executed, result.Data);

    private void Report(GraphQLExchange exchange, Activity? activity, ErrorCode? errorType)
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

        Telemetry.RequestDuration.Record(_time.GetElapsedTime(exchange.Started).TotalSeconds, tags);
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
