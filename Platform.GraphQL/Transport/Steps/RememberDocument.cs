using Platform.GraphQL.PersistedDocuments;

namespace Platform.GraphQL.Transport.Steps;

/// <summary>Keeps a document that has an identifier and ran: ready in memory, and for all replicas when the request brought it along.</summary>
/// <remarks>Only what was executed is kept, so that neither nonsense nor documents over the limits fill the stores.</remarks>
internal sealed class RememberDocument(DocumentLibrary library, UsageLedger ledger) : ITransportStep
{
    public async ValueTask<Refusal?> RunAsync(GraphQLExchange exchange, CancellationToken cancellationToken)
    {
        if (exchange.Result is not { Executed: true })
        {
            return null;
        }

        if (exchange.DocumentId is not { } id)
        {
            if (exchange.Prepared is null)
            {
                library.KeepText(exchange.Text, new PreparedDocument("", exchange.Document, []));
            }

            return null;
        }

        ledger.Used(id);
        if (exchange.Prepared is null)
        {
            library.Keep(new PreparedDocument(id, exchange.Document, exchange.TrustedClients));
            if (exchange.Arrived)
            {
                Telemetry.PersistedDocuments.Add(1, new KeyValuePair<string, object?>(Telemetry.PersistedResult, "registered"));
                var caller = exchange.Http.User.FindFirst("sub")?.Value ?? exchange.Http.Connection.RemoteIpAddress?.ToString() ?? "";
                await library.RegisterAsync(id, exchange.Text, exchange.Operation.Name?.StringValue, caller, cancellationToken);
            }
        }

        return null;
    }
}
