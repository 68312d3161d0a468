namespace Platform.Secrets;

/// <summary>What a version is at present.</summary>
public enum SecretStage
{
    /// <summary>Made, and not in use yet. Those who check what others send accept it already.</summary>
    Pending,

    /// <summary>In use.</summary>
    Current,

    /// <summary>Replaced, and good until the overlap is over.</summary>
    Previous,

    /// <summary>Worth nothing any more, and wiped.</summary>
    Retired,
}

/// <summary>A version of a secret, opened. Never log <see cref="Value"/>.</summary>
/// <param name="Id">The version's id.</param>
/// <param name="Stage">What it is at present.</param>
/// <param name="Value">The value.</param>
/// <param name="Reference">What names the credential where it counts, and is no secret: a role, a key's id.</param>
public sealed record SecretVersion(Guid Id, SecretStage Stage, string Value, string? Reference)
{
    /// <summary>Everything but the value.</summary>
    public override string ToString() => $"{Stage} version {Id}";
}

/// <summary>A secret as a host knows it. Does not change.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Generation">Grows with every change.</param>
/// <param name="Versions">Those that are not retired.</param>
public sealed record Secret(string Name, long Generation, IReadOnlyList<SecretVersion> Versions)
{
    /// <summary>The version in use, or null before the first.</summary>
    public SecretVersion? Current => Find(SecretStage.Current);

    /// <summary>The version that it replaced, while that is good.</summary>
    public SecretVersion? Previous => Find(SecretStage.Previous);

    /// <summary>The version that is about to take over.</summary>
    public SecretVersion? Pending => Find(SecretStage.Pending);

    /// <summary>The name alone.</summary>
    public override string ToString() => Name;

    private SecretVersion? Find(SecretStage stage) => Versions.FirstOrDefault(version => version.Stage == stage);
}
