namespace Platform.FeatureFlags;

internal sealed class Exclusion(ExclusionDefinition definition)
{
    private readonly NameSet _users = new(definition.Users);
    private readonly NameSet _groups = new(definition.Groups);
    private readonly NameSet _roles = new(definition.Roles);

    public bool Holds(FlagContext context) =>
        _users.HoldsUser(context) || _groups.HoldsAny(context.GroupSpan) || _roles.HoldsAny(context.RoleSpan);
}
