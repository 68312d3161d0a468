namespace Platform.FeatureFlags;

/// <summary>One HTTP request as flags see it: what it carries, and the cookies that its answer has to set.</summary>
/// <param name="request">The request.</param>
/// <param name="mayTest">Whether the caller may turn own flags with <see cref="FlagDefinition.Testing"/> by query, header or cookie.</param>
/// <param name="readOnly">Looks only: waffle's dice are not thrown, and no cookie is set.</param>
/// <remarks>Thread-safe. One per request; keeps waffle's <c>request.waffles</c> and <c>request.waffle_tests</c>.</remarks>
public sealed class FlagVisit(IFlagRequest request, bool mayTest = false, bool readOnly = false)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (bool Active, bool SessionOnly)> _dice = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _tests = new(StringComparer.Ordinal);

    /// <summary>The request.</summary>
    public IFlagRequest Request { get; } = request ?? throw new ArgumentNullException(nameof(request));

    /// <summary>Whether the caller may turn own flags for testing. Waffle's flags have no such permission, only their own switch.</summary>
    public bool MayTest { get; } = mayTest;

    /// <summary>Looks only.</summary>
    public bool ReadOnly { get; } = readOnly;

    /// <summary>The cookies to set on the answer: waffle's <c>dwf_</c> and <c>dwft_</c> cookies with the attributes its middleware gives them.</summary>
    public IReadOnlyList<FlagCookie> Cookies(FeatureFlagOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        lock (_lock)
        {
            var cookies = new List<FlagCookie>(_dice.Count + _tests.Count);
            foreach (var (flag, (active, sessionOnly)) in _dice)
            {
                // Roll-out mode: who got "no" throws again in his next session, who got "yes" keeps it.
                TimeSpan? age = sessionOnly && !active ? null : options.CookieMaxAge;
                cookies.Add(new FlagCookie(CookieName(options.CookieFormat, flag), CookieValue(active), age, options.CookieSecure));
            }

            foreach (var (flag, on) in _tests)
            {
                cookies.Add(new FlagCookie(CookieName(options.TestCookieFormat, flag), CookieValue(on), MaxAge: null, Secure: false));
            }

            return cookies;
        }
    }

    internal static string CookieName(string format, string flag) => format.Replace("%s", flag, StringComparison.Ordinal);

    internal bool RecallDice(string flag, out bool active)
    {
        lock (_lock)
        {
            var known = _dice.TryGetValue(flag, out var entry);
            active = entry.Active;
            return known;
        }
    }

    /// <summary>Keeps an answer for the rest of the request, and gives the one that was kept first.</summary>
    internal bool RememberDice(string flag, bool active, bool sessionOnly)
    {
        lock (_lock)
        {
            return _dice.TryAdd(flag, (active, sessionOnly)) ? active : _dice[flag].Active;
        }
    }

    internal void RememberTest(string flag, bool on)
    {
        lock (_lock)
        {
            _tests[flag] = on;
        }
    }

    private static string CookieValue(bool on) => on ? "True" : "False";
}
