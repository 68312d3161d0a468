namespace Platform.Identity;

/// <summary>The roles that Platform itself knows. Configuration may add others (<c>Platform:Identity:RolePermissions</c>).</summary>
public static class RoleNames
{
    /// <summary>Runs the platform: has every permission.</summary>
    public const string Operator = "operator";

    /// <summary>Works with customers, products and orders, and sees feature flags.</summary>
    public const string Staff = "staff";

    /// <summary>Orders for themselves.</summary>
    public const string Customer = "customer";

    /// <summary>What each role allows, unless configuration says otherwise.</summary>
    public static IReadOnlyDictionary<string, IReadOnlySet<string>> Permissions { get; } =
        new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal)
        {
            [Operator] = Set([.. ApiScopes.All.Keys]),
            [Staff] = Set(
                ApiScopes.CatalogRead, ApiScopes.CatalogWrite, ApiScopes.CustomersReadPersonal, ApiScopes.OrdersRead, ApiScopes.OrdersWrite, ApiScopes.FlagsRead),
            [Customer] = Set(ApiScopes.CatalogRead, ApiScopes.OrdersRead, ApiScopes.OrdersWrite),
        };

    private static HashSet<string> Set(params string[] permissions) => new(permissions, StringComparer.Ordinal);
}
