using System.Security.Claims;

namespace Platform.GraphQL.Subscriptions;

/// <summary>
/// The request of an operation that came inside of another one: an item of a batch, a message of a WebSocket, an event of a subscription. It has services
/// of its own, so that nothing that was loaded for one operation is taken for another, and the caller and the headers of the outer one.
/// </summary>
internal sealed class InnerRequest : IAsyncDisposable
{
    private readonly AsyncServiceScope _scope;

    /// <summary>Makes one.</summary>
    /// <param name="outer">What it came inside of.</param>
    /// <param name="user">Whose it is.</param>
    /// <param name="aborted">Fires when nobody waits for it any more.</param>
    public InnerRequest(HttpContext outer, ClaimsPrincipal user, CancellationToken aborted)
    {
        _scope = outer.RequestServices.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
        Http = new DefaultHttpContext { RequestServices = _scope.ServiceProvider, User = user, RequestAborted = aborted, TraceIdentifier = outer.TraceIdentifier };
        Http.Request.Method = HttpMethods.Post;
        Http.Request.Scheme = outer.Request.Scheme;
        Http.Request.Host = outer.Request.Host;
        Http.Request.PathBase = outer.Request.PathBase;
        Http.Request.Path = outer.Request.Path;
        Http.Connection.RemoteIpAddress = outer.Connection.RemoteIpAddress;
        Http.Connection.ClientCertificate = outer.Connection.ClientCertificate;
        foreach (var (name, value) in outer.Request.Headers)
        {
            Http.Request.Headers[name] = value;
        }
    }

    public HttpContext Http { get; }

    public ValueTask DisposeAsync() => _scope.DisposeAsync();
}
