using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Platform.GraphQL;

/// <summary>Names of what GraphQL reports (OpenTelemetry semantic conventions, "GraphQL Server").</summary>
internal static class Telemetry
{
    /// <summary>The name of the source of spans and of the meter.</summary>
    public const string Name = "Platform.GraphQL";

    /// <summary>The kind of operation: <c>query</c>, <c>mutation</c> or <c>subscription</c>.</summary>
    public const string OperationType = "graphql.operation.type";

    /// <summary>The operation's name: on spans as the caller gives it, on metrics as <see cref="Tracing.OperationNames"/> admits it.</summary>
    public const string OperationName = "graphql.operation.name";

    /// <summary>The code of the first error, absent when there is none.</summary>
    public const string ErrorType = "error.type";

    /// <summary>How a persisted document was found: <c>prepared</c>, <c>stored</c>, <c>unknown</c>; or that it was <c>registered</c>.</summary>
    public const string PersistedResult = "platform.graphql.persisted.result";

    /// <summary>The identifier of a persisted document; on spans only.</summary>
    public const string DocumentId = "graphql.document.id";

    /// <summary>The field of a resolver's span, and where in the response it stands.</summary>
    public const string FieldName = "graphql.field.name";
    public const string FieldPath = "graphql.field.path";

    /// <summary>
    /// The client: of a trusted document the one whose manifest holds it. Else the name that the client gives itself, on spans only.
    /// </summary>
    public const string Client = "platform.graphql.client";

    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    /// <summary>How long requests took from the first step to the last byte, refused ones included.</summary>
    public static readonly Histogram<double> RequestDuration =
        Meter.CreateHistogram<double>("platform.graphql.request.duration", "s", "Duration of GraphQL requests.");

    /// <summary>Requests that named their document by an identifier, by what came of it.</summary>
    public static readonly Counter<long> PersistedDocuments =
        Meter.CreateCounter<long>("platform.graphql.persisted", "{request}", "Requests for persisted documents.");
}
