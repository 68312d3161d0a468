using System.Globalization;

namespace Platform.FeatureFlags;

/// <summary>A strategy of an Unleash feature, ready to be asked.</summary>
internal sealed class UnleashActivation
{
    private readonly Constraint[] _constraints;
    private readonly Func<FlagContext, bool> _holds;

    public UnleashActivation(UnleashStrategy strategy, string feature, FlagRuntime runtime, Func<string, Constraint[]> segment)
    {
        Name = strategy.Name;
        _constraints =
            [.. strategy.Constraints.Select(constraint => ConstraintCompiler.Compile(constraint, runtime)), .. strategy.Segments.SelectMany(segment)];
        _holds = Compile(strategy.Name, strategy.Parameters, feature, runtime.Random);
        Variants = strategy.Variants.Count > 0
            ? new UnleashVariants(
                strategy.Variants,
                Parameter(strategy.Parameters, "stickiness"),
                Parameter(strategy.Parameters, "groupId") ?? feature,
                runtime.Random)
            : null;
    }

    public string Name { get; }

    public UnleashVariants? Variants { get; }

    public bool Holds(FlagContext context)
    {
        foreach (var constraint in _constraints)
        {
            if (!constraint.Holds(context))
            {
                return false;
            }
        }

        return _holds(context);
    }

    private static Func<FlagContext, bool> Compile(string name, IReadOnlyDictionary<string, string> parameters, string feature, Random random)
    {
        var groupId = Parameter(parameters, "groupId");
        switch (name)
        {
            case "default":
                return static _ => true;
            case "userWithId":
                var users = new NameSet(List(parameters, "userIds"));
                return context => users.Holds(context.UserId);
            case "gradualRolloutUserId":
                return Rollout(Percent(parameters, "percentage"), UnleashStickiness.OfRollout("userId", groupId ?? "", random));
            case "gradualRolloutSessionId":
                return Rollout(Percent(parameters, "percentage"), UnleashStickiness.OfRollout("sessionId", groupId ?? "", random));
            case "gradualRolloutRandom":
                var percent = Percent(parameters, "percentage");
                return _ => random.Next(100) + 1 <= percent;
            case "flexibleRollout":
                var stickiness = UnleashStickiness.OfRollout(Parameter(parameters, "stickiness"), groupId ?? feature, random);
                return Rollout(Percent(parameters, "rollout"), stickiness);
            case "remoteAddress":
                return Addresses(List(parameters, "IPs"));
            case "applicationHostname":
                var hosts = new NameSet(List(parameters, "hostNames"), StringComparer.OrdinalIgnoreCase);
                return _ => hosts.Holds(Environment.MachineName);
            default:
                // A strategy of a team's own: nobody here knows what it would say.
                return static _ => false;
        }
    }

    private static Func<FlagContext, bool> Rollout(double percent, UnleashStickiness stickiness) =>
        context => percent > 0 && stickiness.Number(context, 100) is { } number && number <= percent;

    private static Func<FlagContext, bool> Addresses(string[] list)
    {
        var exact = new NameSet(list);
        var ranges = CidrConstraint.Read(list);
        return context => exact.Holds(context.RemoteAddress) || CidrConstraint.Holds(ranges, context.RemoteAddress);
    }

    private static string[] List(IReadOnlyDictionary<string, string> parameters, string name) =>
        Parameter(parameters, name)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static string? Parameter(IReadOnlyDictionary<string, string> parameters, string name) =>
        parameters.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    private static double Percent(IReadOnlyDictionary<string, string> parameters, string name) =>
        double.TryParse(Parameter(parameters, name), NumberStyles.Float, CultureInfo.InvariantCulture, out var percent) ? percent : double.NaN;
}
