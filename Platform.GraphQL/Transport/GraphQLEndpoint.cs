using System.Buffers;
using System.Globalization;
using Platform.Errors;
using Platform.GraphQL.Limits;
using Platform.GraphQL.Subscriptions;
using Platform.GraphQL.Subscriptions.ServerSentEvents;
using Platform.GraphQL.Subscriptions.WebSockets;
using Platform.ServiceDefaults.Errors;

namespace Platform.GraphQL.Transport;

/// <summary>Answers what comes to the address of GraphQL: one operation or a batch of them, or a connection that stays open.</summary>
internal sealed class GraphQLEndpoint(OperationRunner runner, ResultWriter writer, SocketEndpoint sockets, DistinctStreams streams, SingleStreams singles)
{
    /// <summary>Handles the request.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        try
        {
            if (http.WebSockets.IsWebSocketRequest)
            {
                await sockets.HandleAsync(http);
            }
            else if (!await singles.TryHandleAsync(http))
            {
                await HandleRequestAsync(runner.Begin(http));
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to answer.
        }
    }

    private async Task HandleRequestAsync(GraphQLExchange exchange)
    {
        if (await runner.ReadAsync(exchange) is { } refusal)
        {
            await WriteAsync(exchange, await runner.RefuseAsync(exchange, refusal));
            return;
        }

        if (exchange.Batch is { } batch)
        {
            await WriteBatchAsync(exchange, batch);
            return;
        }

        var answer = singles.StreamOf(exchange.Http) is { } single
            ? await single.StartAsync(exchange)
            : await runner.RunAsync(exchange);
        if (answer is null)
        {
            // It goes on over the stream (GraphQL over Server-Sent Events, "Executing operations").
            exchange.Http.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        await WriteAsync(exchange, answer);
    }

    private Task WriteAsync(GraphQLExchange exchange, OperationAnswer answer)
    {
        var response = exchange.Http.Response;
        if (answer.Refusal is { Allow: { } allow })
        {
            response.Headers.Allow = allow;
        }

        if (answer.Refusal is { Form: RefusalForm.Problem } problem)
        {
            exchange.Http.SetError(new ErrorException(problem.Code, problem.Message) { RetryAfter = problem.RetryAfter });
            response.StatusCode = problem.Status;
            return Task.CompletedTask;
        }

        return exchange.MediaType == ResponseMediaType.EventStream
            ? streams.WriteAsync(exchange, answer)
            : WriteBodyAsync(exchange, answer);
    }

    private async Task WriteBodyAsync(GraphQLExchange exchange, OperationAnswer answer)
    {
        var response = exchange.Http.Response;
        response.StatusCode = StatusOf(exchange, answer);
        response.ContentType = exchange.MediaType.ContentType;
        response.Headers.XContentTypeOptions = "nosniff";
        if (answer.Errors.FirstOrDefault(error => error.RetryAfter is not null)?.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (exchange.IsGet && answer is { HasData: true, Errors.Count: 0 })
        {
            await ConditionalGet.WriteAsync(exchange.Http, output => writer.Write(output, answer, exchange.Http));
            return;
        }

        response.Headers.CacheControl = "no-store";
        writer.Write(response.BodyWriter, answer, exchange.Http);
        await response.BodyWriter.FlushAsync(exchange.Http.RequestAborted);
    }

    // Section "Status Codes": an answer with data is 200, even when the data is null and errors say why.
    private static int StatusOf(GraphQLExchange exchange, OperationAnswer answer) => answer switch
    {
        { HasData: true } => StatusCodes.Status200OK,
        { Refusal: { Form: RefusalForm.MalformedRequest, Status: var status } } => status,
        { Refusal.Status: var status } => exchange.MediaType.StatusOfRequestError(status),
        _ => exchange.MediaType.StatusOfRequestError(answer.Errors[0].Code.Status),
    };

    // One after another: mutations of a batch see each other's changes, and a batch costs no more at a time than its dearest item.
    private async Task WriteBatchAsync(GraphQLExchange exchange, IReadOnlyList<(RequestParameters? Parameters, Refusal? Refusal)> batch)
    {
        var http = exchange.Http;
        var answers = new List<OperationAnswer>(batch.Count);
        RequestRoom? room = null;
        foreach (var (parameters, refusal) in batch)
        {
            await using var inner = new InnerRequest(http, http.User, http.RequestAborted);
            var item = runner.Begin(inner.Http, parameters ?? RequestParameters.None);
            item.Room = room;
            answers.Add(refusal is null ? await runner.RunAsync(item) : await runner.RefuseAsync(item, refusal));
            room = item.Room;
        }

        var response = http.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = exchange.MediaType.ContentType;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        response.BodyWriter.Write("["u8);
        for (var i = 0; i < answers.Count; i++)
        {
            if (i > 0)
            {
                response.BodyWriter.Write(","u8);
            }

            writer.Write(response.BodyWriter, answers[i], http);
        }

        response.BodyWriter.Write("]"u8);
        await response.BodyWriter.FlushAsync(http.RequestAborted);
    }
}
