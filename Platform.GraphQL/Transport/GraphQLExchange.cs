using GraphQL;
using GraphQLParser.AST;
using Platform.GraphQL.Limits.Budgets;
using Platform.GraphQL.Limits.Cost;
using Platform.GraphQL.PersistedDocuments;

namespace Platform.GraphQL.Transport;

/// <summary>One request on its way through the steps, each of which fills in what it is named for.</summary>
internal sealed class GraphQLExchange(HttpContext http)
{
    private RequestParameters? _parameters;
    private GraphQLDocument? _document;
    private GraphQLOperationDefinition? _operation;
    private Payer? _payer;

    /// <summary>The request as it came.</summary>
    public HttpContext Http { get; } = http;

    /// <summary>Whether it is a GET, which may only read.</summary>
    public bool IsGet => HttpMethods.IsGet(Http.Request.Method);

    /// <summary>What the response is encoded in; until it is negotiated, what a client without wishes gets.</summary>
    public ResponseMediaType MediaType { get; set; } = ResponseMediaType.Json;

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

    /// <summary>The document is one of a manifest.</summary>
    public bool Trusted { get; set; }

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

    /// <summary>Out of whose budget the request is paid.</summary>
    public Payer Payer
    {
        get => _payer ?? throw TooEarly(nameof(Payer));
        set => _payer = value;
    }

    /// <summary>The payer, or null when the request was refused before it was found.</summary>
    public Payer? PayerIfKnown => _payer;

    /// <summary>What the operation costs, once it is reckoned.</summary>
    public OperationCost? Cost { get; set; }

    /// <summary>The budget was asked for it.</summary>
    public bool IsPaid { get; set; }

    /// <summary>What came out, after execution or a failed validation.</summary>
    public ExecutionResult? Result { get; set; }

    private static InvalidOperationException TooEarly(string what) => new($"{what} is filled in by an earlier step, which did not run.");
}
