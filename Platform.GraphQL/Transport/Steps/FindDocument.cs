using Microsoft.Extensions.Options;
using Platform.Errors;
using Platform.GraphQL.PersistedDocuments;

namespace Platform.GraphQL.Transport.Steps;

/// <summary>
/// Finds the text of the document: the one that came, or the one that is kept under the identifier that came (GraphQL over HTTP, appendix A
/// "Persisted Documents"; Apollo's automatic persisted queries; the source system's <c>queryHash</c>).
/// </summary>
/// <remarks>
/// A text that comes with an identifier has to be the one that the identifier stands for, so nobody can put a document in another's
/// place. It is kept by <see cref="RememberDocument"/>, once it ran.
/// </remarks>
internal sealed class FindDocument(DocumentLibrary library, UsageLedger ledger, IOptions<PersistedDocumentOptions> options) : ITransportStep
{
    private readonly PersistedDocumentMode _mode = options.Value.Mode;

    public async ValueTask<Refusal?> RunAsync(GraphQLExchange exchange, CancellationToken cancellationToken)
    {
        var parameters = exchange.Parameters;
        if (PersistedRequest.Read(parameters, out var persisted) is { } malformed)
        {
            return malformed;
        }

        if (persisted is null && parameters.Query is null)
        {
            return Refusal.Malformed("The parameter 'query' is missing.");
        }

        if (_mode == PersistedDocumentMode.Off)
        {
            exchange.Text = parameters.Query ?? "";
            exchange.Prepared = library.FindText(exchange.Text);
            return parameters.Query is null ? persisted!.NotSupported() : null;
        }

        if (persisted is not null && parameters.Query is { } query && Mismatch(persisted, query) is { } mismatch)
        {
            return mismatch;
        }

        if (persisted is null && _mode == PersistedDocumentMode.Automatic)
        {
            exchange.Text = parameters.Query!;
            exchange.Prepared = library.FindText(exchange.Text);
            return null;
        }

        // Where trust is asked for, a document that comes without an identifier is looked up under the one that it would have.
        var id = persisted?.Id ?? DocumentIdentifier.Of(parameters.Query!);
        return await FindAsync(exchange, id, persisted, cancellationToken);
    }

    private static Refusal? Mismatch(PersistedRequest persisted, string query) => !DocumentIdentifier.IsDigest(persisted.Id)
        ? Refusal.Malformed("A document can only be sent along with an identifier that is its SHA-256 digest.")
        : DocumentIdentifier.Of(query) == persisted.Id
            ? null
            : Refusal.Malformed("The query that came along is not the one that its hash stands for.") with { Code = ErrorCode.PersistedQueryHashMismatch };

    private async ValueTask<Refusal?> FindAsync(
        GraphQLExchange exchange, string id, PersistedRequest? persisted, CancellationToken cancellationToken)
    {
        var query = exchange.Parameters.Query;
        exchange.DocumentId = id;
        if (library.FindPrepared(id) is { } prepared)
        {
            Telemetry.PersistedDocuments.Add(1, new KeyValuePair<string, object?>(Telemetry.PersistedResult, "prepared"));
            exchange.Prepared = prepared;
            exchange.TrustedClients = prepared.Clients;
        }
        else if (query is not null && _mode == PersistedDocumentMode.Automatic)
        {
            exchange.Text = query;
            exchange.Arrived = true;
        }
        else if (await library.FindAsync(id, cancellationToken) is { } document)
        {
            Telemetry.PersistedDocuments.Add(1, new KeyValuePair<string, object?>(Telemetry.PersistedResult, "stored"));
            exchange.Text = document.Text;
            exchange.TrustedClients = document.Clients;
        }
        else
        {
            Telemetry.PersistedDocuments.Add(1, new KeyValuePair<string, object?>(Telemetry.PersistedResult, "unknown"));
            if (query is null)
            {
                return persisted!.NotFound();
            }

            exchange.Text = query;
            exchange.Arrived = persisted is not null;
        }

        return exchange.TrustedClients.Count > 0 ? null : Distrust(exchange, id);
    }

    private Refusal? Distrust(GraphQLExchange exchange, string id)
    {
        if (_mode == PersistedDocumentMode.Automatic)
        {
            return null;
        }

        var text = exchange.Prepared is { } prepared ? prepared.Document.Source.ToString() : exchange.Text;
        ledger.Unknown(id, text, exchange.Parameters.OperationName, ClientName.Of(exchange.Http.Request));
        return _mode == PersistedDocumentMode.ReportOnly
            ? null
            : Refusal.Document(ErrorCode.OperationNotTrusted, "Only documents that the operators have put on the list run here.");
    }
}
