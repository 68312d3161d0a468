using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Platform.Identity;

namespace Platform.ServiceDefaults.Identity;

/// <summary>Reads a <see cref="Caller"/> from the claims of a checked token, once a principal. Thread safe.</summary>
public sealed class Callers : ICallerAccessor
{
    // What the own token server says of its users, beside the claims that others have too.
    internal const string StaffClaim = "is_staff";
    internal const string SuperuserClaim = "is_superuser";

    private readonly ConditionalWeakTable<ClaimsPrincipal, Caller> _read = [];
    private readonly FrozenDictionary<string, IReadOnlySet<string>> _permissions;
    private readonly IdentityOptions _options;
    private readonly ClaimOptions _claims;
    private readonly IHttpContextAccessor _http;

    /// <summary>Takes the names of the claims from <see cref="IdentityOptions.Claims"/>.</summary>
    public Callers(IOptions<IdentityOptions> identity, IHttpContextAccessor http)
    {
        ArgumentNullException.ThrowIfNull(identity);
        (_options, _claims, _http) = (identity.Value, identity.Value.Claims, http);
        _permissions = RoleNames.Permissions
            .Where(role => !_options.RolePermissions.ContainsKey(role.Key))
            .Concat(_options.RolePermissions.Select(role => KeyValuePair.Create(role.Key, (IReadOnlySet<string>)role.Value.ToFrozenSet(StringComparer.Ordinal))))
            .ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public Caller Current => _http.HttpContext?.KnownUserOrNull() is { } user ? Of(user) : Caller.Anonymous;

    /// <summary>Who is behind a principal; <see cref="Caller.Anonymous"/> where it was not authenticated.</summary>
    public Caller Of(ClaimsPrincipal principal)
    {
        ArgumentNullException.ThrowIfNull(principal);
        return principal.Identity is { IsAuthenticated: true } ? _read.GetValue(principal, Read) : Caller.Anonymous;
    }

    /// <summary>What somebody with these roles may have of the scopes.</summary>
    public IReadOnlySet<string> Permitted(IEnumerable<string> scopes, IEnumerable<string> roles, bool isSuperuser)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        ArgumentNullException.ThrowIfNull(roles);
        var allowed = isSuperuser ? null : roles.Select(role => _permissions.GetValueOrDefault(role)).Where(role => role is not null).ToArray();
        return scopes.Where(scope => allowed is null || allowed.Any(role => role!.Contains(scope))).ToFrozenSet(StringComparer.Ordinal);
    }

    private Caller Read(ClaimsPrincipal principal)
    {
        var subject = Values(principal, _claims.Subject).FirstOrDefault();
        var client = Values(principal, _claims.Client).FirstOrDefault();
        var scopes = Values(principal, _claims.Scope)
            .SelectMany(static value => value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(scope => _claims.ScopeNames.GetValueOrDefault(scope, scope));
        if (subject is null)
        {
            return Caller.Anonymous;
        }

        var caller = new Caller { Subject = subject, ClientId = client, Name = Values(principal, _claims.Name).FirstOrDefault() };
        if (IsClient(principal, subject, client))
        {
            return caller with { Permissions = scopes.ToFrozenSet(StringComparer.Ordinal) };
        }

        var groups = Values(principal, _claims.Groups).ToArray();
        string[] roles =
        [
            .. Values(principal, _claims.Roles).Select(role => _claims.RoleNames.GetValueOrDefault(role, role))
                .Concat(groups.Select(group => _claims.RoleNames.GetValueOrDefault(group)).OfType<string>())
                .Distinct(StringComparer.Ordinal),
        ];
        var superuser = IsTrue(principal, SuperuserClaim);
        return caller with
        {
            IsUser = true,
            Roles = roles,
            Groups = groups,
            IsStaff = superuser || IsTrue(principal, StaffClaim) || roles.Contains(RoleNames.Staff) || roles.Contains(RoleNames.Operator),
            IsSuperuser = superuser,
            Permissions = Permitted(scopes, roles, superuser),
        };
    }

    private bool IsClient(ClaimsPrincipal principal, string subject, string? client) => _claims.ClientToken is { } mark
        ? mark.IndexOf('=', StringComparison.Ordinal) is var at && Values(principal, mark[..at]).Contains(mark[(at + 1)..], StringComparer.Ordinal)
        : subject == client;

    // Only the own server's tokens say it: another provider's claims of these names are its own business.
    private bool IsTrue(ClaimsPrincipal principal, string claim) =>
        _options.Provider is IdentityProvider.Own && principal.FindFirst(claim)?.Value is "true" or "True";

    private static IEnumerable<string> Values(ClaimsPrincipal principal, string name)
    {
        foreach (var claim in principal.FindAll(name))
        {
            yield return claim.Value;
        }

        if (name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot)
        {
            foreach (var value in principal.FindAll(name[..dot]).SelectMany(claim => Inside(claim.Value, name[(dot + 1)..])))
            {
                yield return value;
            }
        }
    }

    // The claim is an object, kept as its JSON.
    private static List<string> Inside(string json, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var found = document.RootElement;
            foreach (var step in path.Split('.'))
            {
                if (found.ValueKind is not JsonValueKind.Object || !found.TryGetProperty(step, out found))
                {
                    return [];
                }
            }

            return found.ValueKind switch
            {
                JsonValueKind.String => [found.GetString()!],
                JsonValueKind.Array => [.. found.EnumerateArray().Where(item => item.ValueKind is JsonValueKind.String).Select(item => item.GetString()!)],
                _ => [],
            };
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
