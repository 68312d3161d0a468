using Platform.FeatureFlags;

namespace Platform.EntityFrameworkCore.FeatureFlags;

/// <summary>Kinds, origins and actions as they stand in the tables.</summary>
internal static class FlagText
{
    public static string Of(FlagItemKind kind) => kind switch
    {
        FlagItemKind.Flag => "flag",
        FlagItemKind.Switch => "switch",
        FlagItemKind.Sample => "sample",
        FlagItemKind.Segment => "segment",
        _ => "envelope",
    };

    public static string Of(FlagOrigin origin) => origin switch
    {
        FlagOrigin.Waffle => "waffle",
        FlagOrigin.Microsoft => "microsoft",
        FlagOrigin.Unleash => "unleash",
        _ => "own",
    };

    public static string Of(FlagAction action) => action switch
    {
        FlagAction.Created => "created",
        FlagAction.Enabled => "enabled",
        FlagAction.Disabled => "disabled",
        FlagAction.RolloutChanged => "rollout_changed",
        FlagAction.Deleted => "deleted",
        _ => "updated",
    };

    public static FlagKey Key(string kind, string origin, string name) => new(
        kind switch
        {
            "flag" => FlagItemKind.Flag,
            "switch" => FlagItemKind.Switch,
            "sample" => FlagItemKind.Sample,
            "segment" => FlagItemKind.Segment,
            _ => FlagItemKind.Envelope,
        },
        name,
        origin switch
        {
            "waffle" => FlagOrigin.Waffle,
            "microsoft" => FlagOrigin.Microsoft,
            "unleash" => FlagOrigin.Unleash,
            _ => FlagOrigin.Own,
        });

    public static FlagAction Action(string text) => text switch
    {
        "created" => FlagAction.Created,
        "enabled" => FlagAction.Enabled,
        "disabled" => FlagAction.Disabled,
        "rollout_changed" => FlagAction.RolloutChanged,
        "deleted" => FlagAction.Deleted,
        _ => FlagAction.Updated,
    };
}
