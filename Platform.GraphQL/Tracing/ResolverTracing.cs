using System.Diagnostics;
using Platform.FeatureFlags;
using Platform.GraphQL.Transport;
using Platform.Identity;
using Platform.ServiceDefaults.Identity;

namespace Platform.GraphQL.Tracing;

/// <summary>
/// Decides whether an operation's fields get spans of their own: when an operator asks for it in the header <c>GraphQL-Trace: resolvers</c>, or for whom the flag
/// <c>graphql_resolver_spans</c> is on.
/// </summary>
internal sealed class ResolverTracing(IFeatureFlags flags, IFlagContextAccessor flagCallers, Callers callers)
{
    /// <summary>The header, and what it has to say.</summary>
    public const string Header = "GraphQL-Trace";
    public const string Resolvers = "resolvers";

    /// <summary>The flag for whoever cannot send a header.</summary>
    public static readonly Flag<bool> Spans = Flag.Declare("graphql_resolver_spans");

    private static readonly object Asked = new();

    /// <summary>Says to the execution what was decided.</summary>
    public void Note(GraphQLExchange exchange, IDictionary<string, object?> userContext)
    {
        if (Activity.Current is { IsAllDataRequested: true } && IsAsked(exchange.Http))
        {
            userContext[Header] = Asked;
        }
    }

    /// <summary>Whether spans were asked for.</summary>
    public static bool IsNoted(IDictionary<string, object?> userContext) => userContext.Count > 0 && userContext.ContainsKey(Header);

    private bool IsAsked(HttpContext http) =>
        (http.Request.Headers.TryGetValue(Header, out var asked) && asked == Resolvers && callers.Of(http.User).May(ApiScopes.Operate))
        || flags.IsEnabled(Spans, flagCallers.Current);
}
