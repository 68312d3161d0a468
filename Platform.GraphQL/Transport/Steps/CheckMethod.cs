using Platform.Errors;

namespace Platform.GraphQL.Transport.Steps;

/// <summary>
/// POST, and GET for reading; anything else is 405 with <c>Allow</c> (sections "Request" and "Status Codes"). PUT, which reserves an event stream, does not
/// come this far.
/// </summary>
internal sealed class CheckMethod : IHttpStep
{
    public ValueTask<Refusal?> RunAsync(GraphQLExchange exchange, CancellationToken cancellationToken) =>
        ValueTask.FromResult(exchange.IsGet || HttpMethods.IsPost(exchange.Http.Request.Method)
            ? null
            : Refusal.Http(ErrorCode.MethodNotAllowed, "GraphQL is asked with POST or GET.", allow: "GET, POST, PUT"));
}
