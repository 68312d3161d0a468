using System.Runtime.CompilerServices;

namespace Platform.FeatureFlags;

/// <summary>Who asks, from where and when. Made once per request and asked for many flags.</summary>
/// <remarks>
/// Immutable but for what it remembers within the request (SHA-256 draws, and waffle's dice in <see cref="Visit"/>), so it must not be
/// shared between requests. Evaluating from several threads of one request is safe.
/// </remarks>
public sealed class FlagContext
{
    private const int Remembered = 8;

    private readonly string[] _groups = [];
    private readonly string[] _roles = [];
    private Draws _draws;

    /// <summary>The stable id of the signed-in user, if there is one.</summary>
    public string? UserId { get; init; }

    /// <summary>The name the user signs in with; lists of users may hold it instead of the id.</summary>
    public string? UserName { get; init; }

    /// <summary>The stable id of an anonymous visitor; Unleash calls it <c>sessionId</c>.</summary>
    public string? VisitorId { get; init; }

    /// <summary>False where there is no user object at all, not even an anonymous one: waffle answers off at once then. True by default.</summary>
    public bool HasPrincipal { get; init; } = true;

    /// <summary>The caller has signed in.</summary>
    public bool IsAuthenticated { get; init; }

    /// <summary>The caller is staff.</summary>
    public bool IsStaff { get; init; }

    /// <summary>The caller is a superuser.</summary>
    public bool IsSuperuser { get; init; }

    /// <summary>The groups the caller is in, in the order of preference.</summary>
    public IReadOnlyList<string> Groups
    {
        get => _groups;
        init => _groups = [.. value];
    }

    /// <summary>The caller's roles.</summary>
    public IReadOnlyList<string> Roles
    {
        get => _roles;
        init => _roles = [.. value];
    }

    /// <summary>The language of the answer (<c>pt-br</c>).</summary>
    public string? Language { get; init; }

    /// <summary>The caller's IP address as text.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>The application that asks.</summary>
    public string? AppName { get; init; }

    /// <summary>The environment it runs in.</summary>
    public string? Environment { get; init; }

    /// <summary>The instant the question is about; null is now.</summary>
    public DateTimeOffset? CurrentTime { get; init; }

    /// <summary>Claims and other fields that constraints may read, by name.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The HTTP request behind the question, for testing overrides and waffle's cookies; null where there is none.</summary>
    public FlagVisit? Visit { get; init; }

    internal ReadOnlySpan<string> GroupSpan => _groups;

    internal ReadOnlySpan<string> RoleSpan => _roles;

    /// <summary>What percentages stick to where a flag does not say: the user, else the visitor.</summary>
    internal string? StickyId => string.IsNullOrEmpty(UserId) ? VisitorId : UserId;

    /// <summary>Remembers a draw of 32 bits under a key that is not zero. Key and draw are one word, so that no reader sees half of each.</summary>
    internal void Remember(uint key, uint draw) => Volatile.Write(ref _draws[(int)(key % Remembered)], ((ulong)key << 32) | draw);

    internal bool Recall(uint key, out uint draw)
    {
        var entry = Volatile.Read(ref _draws[(int)(key % Remembered)]);
        draw = (uint)entry;
        return entry >> 32 == key;
    }

    [InlineArray(Remembered)]
    private struct Draws
    {
        private ulong _first;
    }
}
