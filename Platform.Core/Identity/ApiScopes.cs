namespace Platform.Identity;

/// <summary>
/// What a token may allow (RFC 6749, section 3.3). Each is the name of an authorization policy in every host.
/// </summary>
public static class ApiScopes
{
    /// <summary>Read customers and products.</summary>
    public const string CatalogRead = "catalog.read";

    /// <summary>Add and change customers and products.</summary>
    public const string CatalogWrite = "catalog.write";

    /// <summary>See names and addresses of customers whole; without it they are masked.</summary>
    public const string CustomersReadPersonal = "customers.read_personal";

    /// <summary>Export and erase what is held of one person.</summary>
    public const string SubjectsManage = "subjects.manage";

    /// <summary>Read orders and payments.</summary>
    public const string OrdersRead = "orders.read";

    /// <summary>Place, change, cancel and ship orders.</summary>
    public const string OrdersWrite = "orders.write";

    /// <summary>Run the platform: dead letters, breakers, budgets, health in detail.</summary>
    public const string Operate = "operate";

    /// <summary>Ask feature flags for their answers, and hear of changes: what front ends and OpenFeature providers need.</summary>
    public const string FlagsEvaluate = "flags.evaluate";

    /// <summary>Read feature flags and their history.</summary>
    public const string FlagsRead = "flags.read";

    /// <summary>Change feature flags.</summary>
    public const string FlagsWrite = "flags.write";

    /// <summary>Read the audit trail.</summary>
    public const string AuditRead = "audit.read";

    /// <summary>Rotate secrets and read the state of their rotation.</summary>
    public const string SecretsManage = "secrets.manage";

    /// <summary>Every scope with a description for a person.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [CatalogRead] = "Read customers and products",
        [CatalogWrite] = "Add and change customers and products",
        [CustomersReadPersonal] = "See names and addresses of customers",
        [SubjectsManage] = "Export and erase what is held of a person",
        [OrdersRead] = "Read orders and payments",
        [OrdersWrite] = "Place, change, cancel and ship orders",
        [Operate] = "Run the platform",
        [FlagsEvaluate] = "Ask feature flags for their answers",
        [FlagsRead] = "Read feature flags and their history",
        [FlagsWrite] = "Change feature flags",
        [AuditRead] = "Read the audit trail",
        [SecretsManage] = "Rotate secrets",
    };
}
