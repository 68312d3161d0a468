using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;

namespace Platform.GraphQL.Authorization;

/// <summary>What the caller of one operation may do; each policy is asked once, however many fields need it. Scoped, thread safe.</summary>
internal sealed class CallerAccess(IAuthorizationService authorization)
{
    private readonly ConcurrentDictionary<string, bool> _answers = new(StringComparer.Ordinal);

    /// <summary>Whether it was found before that the caller meets all of the policies.</summary>
    public bool IsKnownToMeet(string[] policies)
    {
        foreach (var policy in policies)
        {
            if (!_answers.TryGetValue(policy, out var allowed) || !allowed)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Gives the first of the policies that the caller does not meet, or null.</summary>
    public async ValueTask<string?> FindMissingAsync(ClaimsPrincipal? caller, IEnumerable<string> policies)
    {
        foreach (var policy in policies)
        {
            if (!_answers.TryGetValue(policy, out var allowed))
            {
                allowed = caller is not null && (await authorization.AuthorizeAsync(caller, resource: null, policy)).Succeeded;
                _answers[policy] = allowed;
            }

            if (!allowed)
            {
                return policy;
            }
        }

        return null;
    }
}
