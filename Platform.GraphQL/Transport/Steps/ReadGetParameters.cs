namespace Platform.GraphQL.Transport.Steps;

/// <summary>Takes the parameters of a GET from the URL's query (section "GET").</summary>
internal sealed class ReadGetParameters : IHttpStep
{
    public ValueTask<Refusal?> RunAsync(GraphQLExchange exchange, CancellationToken cancellationToken) =>
        ValueTask.FromResult(exchange.IsGet ? Read(exchange) : null);

    private static Refusal? Read(GraphQLExchange exchange)
    {
        var url = exchange.Http.Request.Query;
        foreach (var name in (ReadOnlySpan<string>)["query", "documentId", "queryHash", "operationName", "variables", "extensions"])
        {
            if (url[name].Count > 1)
            {
                return Refusal.Malformed($"The parameter '{name}' is given more than once.");
            }
        }

        if (!RequestJson.TryReadMap("variables", url["variables"], out var variables, out var refusal)
            || !RequestJson.TryReadMap("extensions", url["extensions"], out var extensions, out refusal))
        {
            return refusal;
        }

        // The empty name is no name (section "GET"); "null" is a name.
        string? operationName = url["operationName"];
        exchange.Parameters = new(url["query"], string.IsNullOrEmpty(operationName) ? null : operationName, variables, extensions)
        {
            DocumentId = url["documentId"],
            QueryHash = url["queryHash"],
        };
        return null;
    }
}
