namespace Platform.GraphQL.Transport;

/// <summary>
/// One step between a request and its response. Steps are singletons, run in the order in which they are registered
/// (<see cref="TransportSteps"/>), and each names the section of the specification that it holds.
/// </summary>
internal interface ITransportStep
{
    /// <summary>Does the step.</summary>
    /// <param name="exchange">What earlier steps found out; the step adds its own part.</param>
    /// <param name="cancellationToken">Fires when the client goes away.</param>
    /// <returns>Null to go on, or why the request goes no further.</returns>
    ValueTask<Refusal?> RunAsync(GraphQLExchange exchange, CancellationToken cancellationToken);
}

/// <summary>
/// A step that reads a request of its own off HTTP; they come first. What came inside of another request (an item of a batch, a message of a
/// WebSocket) begins behind them.
/// </summary>
internal interface IHttpStep : ITransportStep;
