namespace Platform.FeatureFlags;

/// <summary>A client filter ready to be asked.</summary>
internal abstract class MicrosoftCondition
{
    public abstract bool Holds(FlagContext context);

    public static MicrosoftCondition For(MicrosoftFilter filter, string feature, FlagRuntime runtime) => filter switch
    {
        { Kind: MicrosoftFilterKind.AlwaysOn } => new Always(),
        { Audience: { } audience } => new Targeting(audience, feature, runtime.Options.MicrosoftIgnoreCase),
        { Window: { } window } => new Within(new TimeWindow(window), runtime),
        { Kind: MicrosoftFilterKind.Percentage } => new Dice(filter.Percent, runtime.Random),
        _ => new Unknown(),
    };

    private sealed class Always : MicrosoftCondition
    {
        public override bool Holds(FlagContext context) => true;
    }

    /// <summary>A filter of the host's own, which only Microsoft's feature manager can ask. Here it never holds.</summary>
    private sealed class Unknown : MicrosoftCondition
    {
        public override bool Holds(FlagContext context) => false;
    }

    private sealed class Within(TimeWindow window, FlagRuntime runtime) : MicrosoftCondition
    {
        public override bool Holds(FlagContext context) => window.Holds(runtime.Now(context));
    }

    private sealed class Dice(double percent, Random random) : MicrosoftCondition
    {
        public override bool Holds(FlagContext context) => random.NextDouble() * 100 < percent;
    }

    /// <summary>Exclusion, users, groups, everybody, in this order; a group that misses does not end it.</summary>
    private sealed class Targeting : MicrosoftCondition
    {
        private readonly NameSet _excludedUsers;
        private readonly NameSet _excludedGroups;
        private readonly NameSet _users;
        private readonly Dictionary<string, (double Percent, MicrosoftDraw Draw)> _groups;
        private readonly double _percent;
        private readonly MicrosoftDraw _draw;

        public Targeting(MicrosoftAudience audience, string feature, bool ignoreCase)
        {
            var comparer = ignoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
            _excludedUsers = new NameSet(audience.ExcludedUsers, comparer);
            _excludedGroups = new NameSet(audience.ExcludedGroups, comparer);
            _users = new NameSet(audience.Users, comparer);
            _groups = new(comparer);
            foreach (var group in audience.Groups)
            {
                var name = ignoreCase ? group.Name.ToLowerInvariant() : group.Name;
                _groups.TryAdd(group.Name, (group.RolloutPercentage, new MicrosoftDraw($"{feature}\n{name}", ignoreCase)));
            }

            _percent = audience.DefaultRolloutPercentage;
            _draw = new MicrosoftDraw(feature, ignoreCase);
        }

        public override bool Holds(FlagContext context)
        {
            if (_excludedUsers.Holds(context.UserId) || _excludedGroups.HoldsAny(context.GroupSpan))
            {
                return false;
            }

            if (_users.Holds(context.UserId))
            {
                return true;
            }

            if (_groups.Count > 0)
            {
                foreach (var group in context.GroupSpan)
                {
                    if (_groups.TryGetValue(group, out var rollout) && IsDrawn(context, rollout.Draw, rollout.Percent))
                    {
                        return true;
                    }
                }
            }

            return IsDrawn(context, _draw, _percent);
        }

        // Nobody is below 0 and everybody within 100, so those need no hash.
        private static bool IsDrawn(FlagContext context, MicrosoftDraw draw, double percent) =>
            percent == 100 || (percent > 0 && draw.Percent(context) < percent);
    }
}
