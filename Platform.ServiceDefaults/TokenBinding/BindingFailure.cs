using Platform.Errors;

namespace Platform.ServiceDefaults.TokenBinding;

/// <summary>A token that is good in itself, from a party that has not proved to be the one it is bound to.</summary>
/// <param name="code">The entry of the catalogue, whose status is answered.</param>
/// <param name="scheme">The scheme of the challenge: <c>DPoP</c> or <c>Bearer</c>.</param>
/// <param name="error">The error of the challenge.</param>
/// <param name="description">The same for a person.</param>
internal sealed class BindingFailure(ErrorCode code, string scheme, string error, string description) : Exception(description)
{
    public ErrorCode Code => code;

    public string Scheme => scheme;

    public string Error => error;
}
