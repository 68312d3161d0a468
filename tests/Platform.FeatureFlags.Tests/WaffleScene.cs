namespace Platform.FeatureFlags.Tests;

/// <summary>A flag, a request and dice, set up step by step; each step of waffle's order adds what it needs to decide.</summary>
internal sealed class WaffleScene
{
    public const string Name = "new_dashboard";

    private readonly TestRequest _request = new();
    private readonly List<Action<WaffleScene>> _earlierInRequest = [];

    public FlagDefinition Flag { get; set; } = new() { Name = Name, Origin = FlagOrigin.Waffle };

    public FeatureFlagOptions Options { get; } = new();

    public bool HasPrincipal { get; set; } = true;

    public bool IsAuthenticated { get; set; }

    public bool IsStaff { get; set; }

    public bool IsSuperuser { get; set; }

    public string? UserId { get; set; }

    public string[] Groups { get; set; } = [];

    public string? Language { get; set; }

    public LoadedDice Dice { get; set; } = new(0.9999);

    public bool ReadOnly { get; set; }

    public FlagVisit? Visit { get; private set; }

    public TestRequest Request => _request;

    public void Earlier(Action<WaffleScene> question) => _earlierInRequest.Add(question);

    public FlagDecision Ask()
    {
        if (Visit is null)
        {
            Visit = new FlagVisit(_request, readOnly: ReadOnly);
            foreach (var question in _earlierInRequest)
            {
                question(this);
            }
        }

        return FlagSnapshot.Compile(Make.Document(Flag), Options, random: Dice).Evaluate(Name, Context());
    }

    /// <summary>Throws the dice for the flag before the request had anything else to say.</summary>
    public void ThrowDice(bool on)
    {
        var flag = new FlagDefinition { Name = Name, Origin = FlagOrigin.Waffle, Percent = 50 };
        var cookies = new Dictionary<string, string>(_request.CookieValues);
        _request.CookieValues.Clear();
        var answer = FlagSnapshot.Compile(Make.Document(flag), random: new LoadedDice(on ? 0.1 : 0.9)).Evaluate(Name, new FlagContext { Visit = Visit });
        Assert.Equal(on, answer.Enabled);
        foreach (var (name, value) in cookies)
        {
            _request.CookieValues[name] = value;
        }
    }

    private FlagContext Context() => new()
    {
        HasPrincipal = HasPrincipal,
        IsAuthenticated = IsAuthenticated,
        IsStaff = IsStaff,
        IsSuperuser = IsSuperuser,
        UserId = UserId,
        Groups = Groups,
        Language = Language,
        Visit = Visit,
    };
}
