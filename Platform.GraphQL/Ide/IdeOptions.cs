namespace Platform.GraphQL.Ide;

/// <summary>Who gets a page to try GraphQL on. Section <c>Platform:GraphQL:Ide</c>.</summary>
internal sealed class IdeOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string SectionName = "Platform:GraphQL:Ide";

    /// <summary>Who gets it.</summary>
    /// <value><see cref="IdeMode.Development"/> by default.</value>
    public IdeMode Mode { get; set; } = IdeMode.Development;
}

/// <summary>Who gets a page to try GraphQL on.</summary>
internal enum IdeMode
{
    /// <summary>Nobody.</summary>
    Off,

    /// <summary>Everybody, in Development; nobody elsewhere.</summary>
    Development,

    /// <summary>Everybody in Development; elsewhere whoever has a token with the permission <c>operate</c>.</summary>
    Operators,
}
