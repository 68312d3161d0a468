using System.Diagnostics;
using GraphQL;
using GraphQLParser.AST;
using Microsoft.Extensions.Options;
using Platform.Errors;
using Platform.GraphQL.Authorization;
using Platform.GraphQL.Errors;
using Platform.GraphQL.Limits.Budgets;
using Platform.GraphQL.PersistedDocuments;

namespace Platform.GraphQL.Transport;

/// <summary>Runs the steps in their order until one refuses or the last one has the result, and tells what came of it.</summary>
internal sealed class OperationRunner
{
    private readonly ITransportStep[] _reading;
    private readonly ITransportStep[] _operation;
    private readonly ITransportStep[] _inner;
    private readonly RefusalFee _fee;
    private readonly IntrospectionAccess _introspection;
    private readonly ErrorTaxonomy _taxonomy;
    private readonly TimeProvider _time;
    private readonly GraphQLOptions _options;
    private readonly ILogger<OperationRunner> _logger;

    public OperationRunner(
        IEnumerable<ITransportStep> steps,
        ErrorTaxonomy taxonomy,
        RefusalFee fee,
        IntrospectionAccess introspection,
        TimeProvider time,
        IOptions<GraphQLOptions> options,
        ILogger<OperationRunner> logger)
    {
        var all = steps.ToArray();
        var read = Array.FindLastIndex(all, step => step is IHttpStep) + 1;
        _reading = all[..read];
        _operation = all[read..];
        _inner = [.. all.Where(step => step is not IHttpStep)];
        (_taxonomy, _fee, _introspection, _time, _options, _logger) = (taxonomy, fee, introspection, time, options.Value, logger);
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
        foreach (var step in exchange.IsInner ? _inner : _operation)
        {
            if (await step.RunAsync(exchange, exchange.Http.RequestAborted) is { } refusal)
            {
                return await RefuseAsync(exchange, refusal, activity);
            }
        }

        var answer = exchange.Stream is { } stream
            ? new OperationAnswer([], HasData: false, Data: null) { Stream = stream }
            : Describe(exchange, exchange.Result ?? throw new InvalidOperationException("No step produced a result.")) with { Cost = exchange.Result.Executed ? exchange.Cost : null };

        // A subscription that does not begin has no data, not even null (section 6.2.3.1).
        if (answer.Stream is null && exchange.Operation.Operation is OperationType.Subscription)
        {
            answer = answer with { HasData = false, Cost = null };
        }

        Report(exchange, activity, answer.Errors.Count > 0 ? answer.Errors[0].Code : null);
        return answer;
    }

    /// <summary>The answer to a request that goes no further.</summary>
    public async Task<OperationAnswer> RefuseAsync(GraphQLExchange exchange, Refusal refusal, Activity? activity = null)
    {
        Log.RequestRefused(_logger, refusal.Code.Code, refusal.Message);
        await _fee.ChargeAsync(exchange);
        Report(exchange, activity, refusal.Code);
        var error = new PublicError(refusal.Code, ErrorTaxonomy.Shortened(refusal.Message))
        {
            Locations = refusal.Location is { } location ? [location] : [],
            RetryAfter = refusal.RetryAfter,
        };
        return new([error], HasData: false, Data: null) { Refusal = refusal };
    }

    /// <summary>The answer that an execution comes to.</summary>
    public OperationAnswer Describe(GraphQLExchange exchange, ExecutionResult result)
    {
        if (result.Errors is not { } errors)
        {
            return new([], result.Executed, result.Data);
        }

        var mayIntrospect = _introspection.Allows(exchange.Http.User);
        return new([.. errors.Take(_options.MaxErrors).Select(error => _taxonomy.Describe(error, mayIntrospect))], result.Executed, result.Data);
    }

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
