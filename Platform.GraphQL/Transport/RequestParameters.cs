using GraphQL;

namespace Platform.GraphQL.Transport;

/// <summary>The parameters of a request (GraphQL over HTTP, section "Request Parameters").</summary>
/// <param name="Query">The text of the document.</param>
/// <param name="OperationName">Which of its operations, or null when it has one only.</param>
/// <param name="Variables">Their values, or null.</param>
/// <param name="Extensions">What clients and servers agree on besides, or null.</param>
internal sealed record RequestParameters(string Query, string? OperationName, Inputs? Variables, Inputs? Extensions);
