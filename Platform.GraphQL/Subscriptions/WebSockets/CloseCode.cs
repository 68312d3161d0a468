namespace Platform.GraphQL.Subscriptions.WebSockets;

/// <summary>Why a WebSocket is closed: the codes of graphql-transport-ws, and those of RFC 6455, section 7.4.1, and RFC 6455's registry.</summary>
internal enum CloseCode
{
    /// <summary>The service stops; come again elsewhere.</summary>
    GoingAway = 1001,

    /// <summary>A message is over the limit.</summary>
    MessageTooBig = 1009,

    /// <summary>There are too many connections, or tokens cannot be checked at present.</summary>
    TryAgainLater = 1013,

    /// <summary>A message is none of the protocol's.</summary>
    BadRequest = 4400,

    /// <summary>An operation came before the connection was acknowledged.</summary>
    Unauthorized = 4401,

    /// <summary>The token is missing, is not accepted or has expired. Clients ask for a new one and come again.</summary>
    Forbidden = 4403,

    /// <summary>The client did not say in time who it is.</summary>
    InitialisationTimeout = 4408,

    /// <summary>The id belongs to an operation that is under way.</summary>
    SubscriberAlreadyExists = 4409,

    /// <summary>The client said twice who it is.</summary>
    TooManyInitialisationRequests = 4429,
}
