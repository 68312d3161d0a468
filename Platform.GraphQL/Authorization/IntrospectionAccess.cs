using System.Security.Claims;
using Microsoft.Extensions.Options;
using Platform.Identity;
using Platform.ServiceDefaults.Identity;

namespace Platform.GraphQL.Authorization;

/// <summary>Who may ask for the schema (GraphQL specification, section 4), and so be told the names that it has.</summary>
internal sealed class IntrospectionAccess(Callers callers, IOptions<GraphQLOptions> options, IHostEnvironment environment)
{
    private const string Everyone = "*";

    /// <summary>The permission that it takes.</summary>
    public string Permission { get; } = options.Value.Introspection ?? (environment.IsDevelopment() ? Everyone : ApiScopes.Operate);

    /// <summary>Whether the caller has it.</summary>
    public bool Allows(ClaimsPrincipal user) => Permission == Everyone || callers.Of(user).May(Permission);
}
