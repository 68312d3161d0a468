using Microsoft.Extensions.Options;
using Platform.Identity;

namespace Platform.ServiceDefaults.Identity;

// What annotations cannot say.
internal sealed class IdentityOptionsCheck : IValidateOptions<IdentityOptions>
{
    // RFC 8725, section 3.1: only what is known to be asymmetric, so that a published key is never taken for a shared secret.
    private static readonly string[] Asymmetric = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    public ValidateOptionsResult Validate(string? name, IdentityOptions options)
    {
        var failures = options.Algorithms.Except(Asymmetric, StringComparer.Ordinal)
            .Select(algorithm => $"{IdentityOptions.Section}:{nameof(options.Algorithms)}: {algorithm} is not one of {string.Join(", ", Asymmetric)}.")
            .Concat(options.RolePermissions.SelectMany(role => role.Value.Where(permission => !ApiScopes.All.ContainsKey(permission))
                .Select(permission => $"{IdentityOptions.Section}:{nameof(options.RolePermissions)}:{role.Key}: there is no permission {permission}.")))
            .ToArray();
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
