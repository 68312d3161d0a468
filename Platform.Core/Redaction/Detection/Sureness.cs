namespace Platform.Redaction.Detection;

/// <summary>Where confidence begins, and what the words around do to it.</summary>
internal static class Sureness
{
    /// <summary>Nothing else looks like this.</summary>
    public const double Certain = 1.0;

    /// <summary>A particular format with a checksum over it.</summary>
    public const double Strong = 0.9;

    /// <summary>A particular format.</summary>
    public const double Likely = 0.7;

    /// <summary>A format that few other things have.</summary>
    public const double Possible = 0.55;

    /// <summary>Digits alone, with a checksum that one number of ten passes.</summary>
    public const double Weak = 0.4;

    /// <summary>A format that many things have, without a checksum.</summary>
    public const double Faint = 0.2;

    /// <summary>Digits alone, any digits.</summary>
    public const double Trace = 0.08;

    /// <summary>No value of this type.</summary>
    public const double None = 0;

    /// <summary>Added when a word around speaks of the type.</summary>
    public const double ContextGain = 0.45;

    /// <summary>Added when the same text has shown another value of the type.</summary>
    public const double CompanyGain = 0.2;

    /// <summary>Taken away when the word before names something that is no personal data.</summary>
    public const double DenialLoss = 0.45;

    /// <summary>Taken away from a code in lower case, which registries do not issue and hashes have.</summary>
    public const double LowerCaseLoss = 0.4;
}
