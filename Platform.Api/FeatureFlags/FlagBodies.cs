using System.Text.Json;
using Platform.FeatureFlags;

namespace Platform.Api.FeatureFlags;

/// <summary>Items of one kind.</summary>
/// <param name="Version">The version of the whole document: grows with every change.</param>
/// <param name="Items">In their order.</param>
internal sealed record FlagListResponse(long Version, IReadOnlyList<FlagItemResponse> Items);

/// <summary>One item.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Etag">Its entity tag, for If-Match.</param>
/// <param name="Definition">The item itself.</param>
internal sealed record FlagItemResponse(string Name, string Etag, JsonElement Definition)
{
    public static FlagItemResponse From(FlagItem item) => new(item.Key.Name, FlagTags.Of(item.Version), JsonElement.Parse(item.Json));
}

/// <summary>Why something is done.</summary>
/// <param name="Reason">Stands in the audit. Required, at most 2,000 characters.</param>
internal sealed record FlagsOffRequest(string? Reason);

/// <summary>How a change is undone.</summary>
/// <param name="Reason">Stands in the audit; at most 2,000 characters.</param>
/// <param name="Force">Also where an item was changed again since. False by default.</param>
internal sealed record FlagUndoRequest(string? Reason = null, bool Force = false);

/// <summary>What a change came to.</summary>
/// <param name="ChangeId">To undo it by; null where nothing was to be changed.</param>
/// <param name="Version">The version of the document now.</param>
/// <param name="Entries">What was done to which item.</param>
internal sealed record FlagChangeResponse(Guid? ChangeId, long Version, IReadOnlyList<FlagChangedItem> Entries)
{
    public static FlagChangeResponse From(FlagCommit commit) => new(
        commit.Entries.Count == 0 ? null : commit.ChangeId,
        commit.Flags.Version,
        [.. commit.Entries.Select(entry => new FlagChangedItem(entry.Id, FlagWords.Of(entry.Key.Kind), entry.Key.Name, FlagWords.Of(entry.Action)))]);
}

/// <summary>One item of a change.</summary>
/// <param name="Id">The entry of the audit.</param>
/// <param name="Kind">flag, switch, sample, segment or envelope.</param>
/// <param name="Name">Its name.</param>
/// <param name="Action">created, enabled, disabled, rollout_changed, updated or deleted.</param>
internal sealed record FlagChangedItem(Guid Id, string Kind, string Name, string Action);

/// <summary>A page of the audit.</summary>
/// <param name="Items">The latest first.</param>
/// <param name="Next">The cursor of the next page; null on the last one.</param>
internal sealed record FlagAuditResponse(IReadOnlyList<FlagAuditItem> Items, string? Next);

/// <summary>One entry of the audit.</summary>
/// <param name="Id">The entry.</param>
/// <param name="ChangeId">The change that it was part of.</param>
/// <param name="Version">The version of the document after it.</param>
/// <param name="Kind">flag, switch, sample, segment or envelope.</param>
/// <param name="Name">The item.</param>
/// <param name="Action">created, enabled, disabled, rollout_changed, updated or deleted.</param>
/// <param name="Actor">Who.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When.</param>
/// <param name="Undoes">The change or entry that this one undoes, if it does.</param>
/// <param name="Before">The item before; absent where there was none.</param>
/// <param name="After">The item after; absent where there is none.</param>
/// <param name="Diff">What differs between the two, by JSON pointer.</param>
internal sealed record FlagAuditItem(
    Guid Id,
    Guid ChangeId,
    long Version,
    string Kind,
    string Name,
    string Action,
    string Actor,
    string Reason,
    DateTimeOffset At,
    Guid? Undoes,
    JsonElement? Before,
    JsonElement? After,
    IReadOnlyList<FlagDifference> Diff)
{
    public static FlagAuditItem From(FlagAuditEntry entry) => new(
        entry.Id,
        entry.ChangeId,
        entry.Version,
        FlagWords.Of(entry.Key.Kind),
        entry.Key.Name,
        FlagWords.Of(entry.Action),
        entry.Author.Name,
        entry.Author.Reason,
        entry.At,
        entry.Undoes,
        entry.Before,
        entry.After,
        FlagDiff.Between(entry.Before, entry.After));
}

/// <summary>Who is asked for. Everything may be left out.</summary>
/// <param name="UserId">The id of a signed-in user.</param>
/// <param name="UserName">The name he signs in with.</param>
/// <param name="VisitorId">The id of an anonymous visitor.</param>
/// <param name="Authenticated">Signed in; by default whether there is a user id.</param>
/// <param name="Staff">Staff.</param>
/// <param name="Superuser">Superuser.</param>
/// <param name="Groups">Groups, in the order of preference.</param>
/// <param name="Roles">Roles.</param>
/// <param name="Language">Language (<c>pt-br</c>).</param>
/// <param name="RemoteAddress">IP address.</param>
/// <param name="AppName">The application that asks.</param>
/// <param name="Environment">The environment it runs in.</param>
/// <param name="CurrentTime">The instant the question is about; now by default.</param>
/// <param name="Properties">Claims and other fields that constraints may read.</param>
internal sealed record FlagContextRequest(
    string? UserId = null,
    string? UserName = null,
    string? VisitorId = null,
    bool? Authenticated = null,
    bool Staff = false,
    bool Superuser = false,
    IReadOnlyList<string>? Groups = null,
    IReadOnlyList<string>? Roles = null,
    string? Language = null,
    string? RemoteAddress = null,
    string? AppName = null,
    string? Environment = null,
    DateTimeOffset? CurrentTime = null,
    IReadOnlyDictionary<string, string>? Properties = null)
{
    public FlagContext ToContext() => new()
    {
        UserId = UserId,
        UserName = UserName,
        VisitorId = VisitorId,
        IsAuthenticated = Authenticated ?? !string.IsNullOrEmpty(UserId),
        IsStaff = Staff,
        IsSuperuser = Superuser,
        Groups = Groups ?? [],
        Roles = Roles ?? [],
        Language = Language,
        RemoteAddress = RemoteAddress,
        AppName = AppName,
        Environment = Environment,
        CurrentTime = CurrentTime,
        Properties = Properties ?? System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty,
    };
}

/// <summary>A question about many flags.</summary>
/// <param name="Context">Who is asked for.</param>
/// <param name="Flags">Names, at most 1,000; all flags by default.</param>
internal sealed record FlagBulkRequest(FlagContextRequest? Context = null, IReadOnlyList<string>? Flags = null);

/// <summary>Answers about many flags.</summary>
/// <param name="Flags">By name.</param>
internal sealed record FlagBulkResponse(IReadOnlyList<FlagAnswer> Flags);

/// <summary>An answer.</summary>
/// <param name="Name">The flag.</param>
/// <param name="Enabled">On or off.</param>
/// <param name="Variant">The name of the variant, if there is one.</param>
/// <param name="Value">The value of the variant, if it has one.</param>
/// <param name="Reason">What decided, as a word.</param>
internal sealed record FlagAnswer(string Name, bool Enabled, string? Variant, JsonElement? Value, FlagReason Reason);

/// <summary>An answer, and why it is that.</summary>
/// <param name="Name">The flag.</param>
/// <param name="Enabled">On or off.</param>
/// <param name="Variant">The name of the variant, if there is one.</param>
/// <param name="Value">The value of the variant, if it has one.</param>
/// <param name="Reason">What decided, as a word.</param>
/// <param name="Rule">Which rule, strategy, filter or prerequisite decided, from 0; absent where that makes no sense.</param>
/// <param name="Detail">The same in words.</param>
/// <param name="Origin">Whose rules decided; absent for a flag that nobody defined.</param>
/// <param name="Version">The version of the document that answered.</param>
internal sealed record FlagExplanationResponse(
    string Name, bool Enabled, string? Variant, JsonElement? Value, FlagReason Reason, int? Rule, string Detail, FlagOrigin? Origin, long Version);
