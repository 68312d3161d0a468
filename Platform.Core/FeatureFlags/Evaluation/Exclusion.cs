namespace Platform.FeatureFlags;

internal sealed class Exclusion(ExclusionDefinition definition)
{
    private readonly CallerSet _users = new(definition.Users);
    private readonly CallerSet _groups = new(definition.Groups);
    private readonly CallerSet _roles = new(definition.Roles);

    public bool Holds(FlagContext context) =>
        _users.HoldsUser(context) || _groups.HoldsGroup(context) || _roles.HoldsRole(context);
}
