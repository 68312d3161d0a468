namespace Platform.FeatureFlags;

/// <summary>On or off, and what decided, in one word, so that it is returned in a register: written in parts, it would cost more than deciding.</summary>
internal readonly struct Verdict(bool enabled, FlagReason reason, int part = -1)
{
    private readonly uint _word = (ushort)part | ((uint)reason << 16) | (enabled ? 1u << 24 : 0);

    public bool Enabled => _word >> 24 != 0;

    public FlagReason Reason => (FlagReason)(byte)(_word >> 16);

    public int Part => (short)_word;
}
