namespace Platform.Redaction;

/// <summary>What becomes of each type of value. Immutable.</summary>
public sealed class RedactionPolicy
{
    private readonly RedactionAction[] _actions;

    private RedactionPolicy(RedactionAction[] actions) => _actions = actions;

    /// <summary>What <paramref name="audience"/> gets to see where nothing else is configured.</summary>
    public static RedactionPolicy For(RedactionAudience audience)
    {
        var actions = new RedactionAction[PiiTypes.All.Count];
        foreach (var type in PiiTypes.All)
        {
            actions[(int)type] = (audience, PiiTypes.IsSecret(type)) switch
            {
                (_, true) => RedactionAction.Erase,
                (RedactionAudience.Subject, _) => RedactionAction.Keep,
                (RedactionAudience.Public, _) => RedactionAction.Erase,
                (RedactionAudience.Operator, _) when type is PiiType.Ip or PiiType.Mac => RedactionAction.Keep,
                _ => RedactionAction.Mask,
            };
        }

        return new(actions);
    }

    /// <summary>One action for every type; secrets are erased all the same where it is <see cref="RedactionAction.Mask"/>.</summary>
    public static RedactionPolicy Everything(RedactionAction action) => new([.. PiiTypes.All.Select(_ => action)]);

    /// <summary>The same policy but for one type.</summary>
    public RedactionPolicy With(PiiType type, RedactionAction action)
    {
        var actions = (RedactionAction[])_actions.Clone();
        actions[(int)type] = action;
        return new(actions);
    }

    /// <summary>What becomes of a value of this type.</summary>
    public RedactionAction ActionFor(PiiType type) => _actions[(int)type];

    internal bool UsesHash => _actions.Contains(RedactionAction.Hash);
}
