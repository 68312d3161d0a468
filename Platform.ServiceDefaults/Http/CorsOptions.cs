using Microsoft.Extensions.Options;

namespace Platform.ServiceDefaults.Http;

/// <summary>Which other sites' scripts may call a host (Fetch Standard, section 3.2). Nobody's by default.</summary>
public sealed class CorsOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Platform:Cors";

    /// <summary>The origins, exactly as browsers send them: <c>https://app.example.org</c>, with a port where it is not the usual one.</summary>
    /// <value>Empty by default. A single <c>*</c> means every origin, and is refused together with credentials.</value>
    public IList<string> Origins { get; } = [];

    /// <summary>Whether these scripts may send cookies. Tokens do not need it.</summary>
    /// <value>False by default.</value>
    public bool AllowCredentials { get; set; }
}

internal sealed class CorsOptionsCheck : IValidateOptions<CorsOptions>
{
    private const string Name = $"{CorsOptions.Section}:{nameof(CorsOptions.Origins)}";

    public ValidateOptionsResult Validate(string? name, CorsOptions options)
    {
        if (options.Origins.Contains("*") && (options.AllowCredentials || options.Origins.Count > 1))
        {
            return ValidateOptionsResult.Fail($"{Name}: * stands alone, and never with credentials: name the origins.");
        }

        var wrong = options.Origins.Where(origin => origin != "*" && !IsOrigin(origin)).ToArray();
        return wrong.Length == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{Name}: not an origin (scheme://host[:port], nothing behind it): {string.Join(", ", wrong)}");
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && text == uri.GetLeftPart(UriPartial.Authority)
        && uri.UserInfo.Length == 0
        && !text.Contains('*', StringComparison.Ordinal);
}
