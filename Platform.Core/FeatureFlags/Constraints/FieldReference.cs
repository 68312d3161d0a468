namespace Platform.FeatureFlags;

/// <summary>A field of the context by name. A property of the same name stands in where the context's own field is empty.</summary>
internal sealed class FieldReference(string name)
{
    private readonly Known _known = name switch
    {
        "userId" => Known.UserId,
        "userName" => Known.UserName,
        "sessionId" => Known.VisitorId,
        "remoteAddress" => Known.RemoteAddress,
        "environment" => Known.Environment,
        "appName" => Known.AppName,
        "language" => Known.Language,
        "groups" => Known.Groups,
        "roles" => Known.Roles,
        _ => Known.None,
    };

    private enum Known
    {
        None,
        UserId,
        UserName,
        VisitorId,
        RemoteAddress,
        Environment,
        AppName,
        Language,
        Groups,
        Roles,
    }

    public string Name => name;

    /// <summary>The members, where the field has several; then it has no single value.</summary>
    public ReadOnlySpan<string> Members(FlagContext context) => _known switch
    {
        Known.Groups => context.GroupSpan,
        Known.Roles => context.RoleSpan,
        _ => [],
    };

    /// <summary>The value; null where it is missing or empty, which counts the same.</summary>
    public string? Read(FlagContext context)
    {
        var value = _known switch
        {
            Known.UserId => context.UserId,
            Known.UserName => context.UserName,
            Known.VisitorId => context.VisitorId,
            Known.RemoteAddress => context.RemoteAddress,
            Known.Environment => context.Environment,
            Known.AppName => context.AppName,
            Known.Language => context.Language,
            _ => null,
        };
        if (!string.IsNullOrEmpty(value))
        {
            return value;
        }

        return context.Properties.TryGetValue(name, out value) && value.Length > 0 ? value : null;
    }
}
