using GraphQL;
using GraphQLParser.AST;
using Platform.GraphQL.Limits;
using Platform.GraphQL.Limits.Budgets;
using Platform.GraphQL.Limits.Cost;
using Platform.GraphQL.PersistedDocuments;

namespace Platform.GraphQL.Transport;

/// <summary>One request on its way through the steps, each of which fills in what it is named for.</summary>
internal sealed class GraphQLExchange(HttpContext http, long started)
{
    private RequestParameters? _parameters;
    private GraphQLDocument? _document;
    private GraphQLOperationDefinition? _operation;
    private Payer? _payer;

    /// <summary>The request as it came.</summary>
    public HttpContext Http { get; } = http;

    /// <summary>When it came, as a timestamp of the clock.</summary>
    public long Started { get; } = started;

    /// <summary>Whether it is a GET, which may only read.</summary>
    public bool IsGet => HttpMethods.IsGet(Http.Request.Method);

    /// <summary>Whether it came inside of another request, which is answered by other means.</summary>
    public bool IsInner { get; init; }

    /// <summary>What the response is encoded in; until it is negotiated, what a client without wishes gets.</summary>
    public ResponseMediaType MediaType { get; set; } = ResponseMediaType.Json;

    /// <summary>Whether the client can take an answer that goes on: an event stream, or messages of a connection.</summary>
    public bool AcceptsStream { get; set; }

    /// <summary>The items of a batch, each the parameters of a request or why it is none; null where the request is one alone.</summary>
    public IReadOnlyList<(RequestParameters? Parameters, Refusal? Refusal)>? Batch { get; set; }

    /// <summary>What is asked for.</summary>
    public RequestParameters Parameters
    {
        get => _parameters ?? throw TooEarly(nameof(Parameters));
        set => _parameters = value;
    }

    /// <summary>The text of the document, as it came or as it was kept; not needed where there is a <see cref="Prepared"/> one.</summary>
    public string Text { get; set; } = "";

    /// <summary>The identifier under which the document is, or can be, kept; null when nobody asked for that.</summary>
    public string? DocumentId { get; set; }

    /// <summary>The document, when it was found parsed and validated.</summary>
    public PreparedDocument? Prepared { get; set; }

    /// <summary>The document came along with its identifier, and is to be kept for other replicas.</summary>
    public bool Arrived { get; set; }

    /// <summary>The clients whose manifests hold the document; none when it is not trusted.</summary>
    public IReadOnlyList<string> TrustedClients { get; set; } = [];

    /// <summary>
    /// The client that asks: of a trusted document one whose manifest holds it, whatever the client says of itself; else the name that it gives itself.
    /// </summary>
    public string? Client => ClientName.Of(Http.Request) is var named && (TrustedClients.Count == 0 || (named is not null && TrustedClients.Contains(named)))
        ? named
        : TrustedClients[0];

    /// <summary>The parsed document.</summary>
    public GraphQLDocument Document
    {
        get => _document ?? throw TooEarly(nameof(Document));
        set => _document = value;
    }

    /// <summary>The operation that is to run.</summary>
    public GraphQLOperationDefinition Operation
    {
        get => _operation ?? throw TooEarly(nameof(Operation));
        set => _operation = value;
    }

    /// <summary>The operation, or null when the request was refused before it was found.</summary>
    public GraphQLOperationDefinition? OperationIfKnown => _operation;

    /// <summary>The source stream of a subscription, once it is created.</summary>
    public IObservable<object?>? Stream { get; set; }

    /// <summary>Out of whose budget the request is paid.</summary>
    public Payer Payer
    {
        get => _payer ?? throw TooEarly(nameof(Payer));
        set => _payer = value;
    }

    /// <summary>The payer, or null when the request was refused before it was found.</summary>
    public Payer? PayerIfKnown => _payer;

    /// <summary>What the request has left to spend; shared by the operations of a batch.</summary>
    public RequestRoom? Room { get; set; }

    /// <summary>What the operation costs, once it is reckoned.</summary>
    public OperationCost? Cost { get; set; }

    /// <summary>The budget was asked for it.</summary>
    public bool IsPaid { get; set; }

    /// <summary>What came out, after execution or a failed validation.</summary>
    public ExecutionResult? Result { get; set; }

    private static InvalidOperationException TooEarly(string what) => new($"{what} is filled in by an earlier step, which did not run.");
}
