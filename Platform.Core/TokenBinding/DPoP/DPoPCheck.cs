namespace Platform.TokenBinding.DPoP;

/// <summary>One of the twelve checks of RFC 9449, section 4.3, in the order in which they are listed there.</summary>
/// <remarks>They are made in this order but for the signature, which is made last because it costs the most.</remarks>
public sealed record DPoPCheck
{
    private const string InvalidProof = "invalid_dpop_proof";

    private DPoPCheck(int number, string name, string error, string description) =>
        (Number, Name, Error, Description) = (number, name, error, description);

    /// <summary>1: there is not more than one DPoP header field.</summary>
    public static DPoPCheck SingleHeader { get; } = new(1, "single_header", InvalidProof, "There has to be one DPoP header, with one proof.");

    /// <summary>2: its value is a single and well-formed JWT.</summary>
    public static DPoPCheck WellFormed { get; } = new(2, "well_formed", InvalidProof, "The proof is not a well-formed JWT, is too long, or refers elsewhere.");

    /// <summary>3: all claims that section 4.2 requires are there.</summary>
    public static DPoPCheck RequiredClaims { get; } = new(3, "required_claims", InvalidProof, "The proof lacks a claim, or one has the wrong type.");

    /// <summary>4: <c>typ</c> is <c>dpop+jwt</c>.</summary>
    public static DPoPCheck Type { get; } = new(4, "typ", InvalidProof, "The proof's typ has to be dpop+jwt.");

    /// <summary>5: <c>alg</c> is an asymmetric algorithm that is accepted here, never <c>none</c>, and fits the key.</summary>
    public static DPoPCheck Algorithm { get; } = new(5, "alg", InvalidProof, "The proof's algorithm is not accepted here, or does not fit its key.");

    /// <summary>6: the signature verifies with the key in <c>jwk</c>.</summary>
    public static DPoPCheck Signature { get; } = new(6, "signature", InvalidProof, "The proof's signature does not verify.");

    /// <summary>7: <c>jwk</c> holds no private key.</summary>
    public static DPoPCheck PublicKey { get; } = new(7, "public_key", InvalidProof, "The proof's jwk has to be a public key and nothing more.");

    /// <summary>8: <c>htm</c> is the method of the request.</summary>
    public static DPoPCheck Method { get; } = new(8, "htm", InvalidProof, "The proof is for another method.");

    /// <summary>9: <c>htu</c> is the address of the request, without query and fragment.</summary>
    public static DPoPCheck Address { get; } = new(9, "htu", InvalidProof, "The proof is for another address.");

    /// <summary>10: <c>nonce</c> is one that the server gave.</summary>
    public static DPoPCheck Nonce { get; } = new(10, "nonce", "use_dpop_nonce", "The proof needs the nonce of the DPoP-Nonce header.");

    /// <summary>11: <c>iat</c> lies within the window that is accepted (section 11.1).</summary>
    public static DPoPCheck CreationTime { get; } = new(11, "iat", InvalidProof, "The proof is too old, or from the future.");

    /// <summary>12: <c>ath</c> is the hash of the access token, and the key is the one that the token is bound to.</summary>
    public static DPoPCheck Token { get; } = new(12, "token", InvalidProof, "The proof is for another access token, or made with another key than the token is bound to.");

    /// <summary>All of them, by number.</summary>
    public static IReadOnlyList<DPoPCheck> All { get; } =
    [
        SingleHeader, WellFormed, RequiredClaims, Type, Algorithm, Signature, PublicKey, Method, Address, Nonce, CreationTime, Token,
    ];

    /// <summary>Not one of the twelve: the proof was accepted before (section 11.1).</summary>
    public static DPoPCheck Replay { get; } = new(0, "replay", InvalidProof, "The proof was used before.");

    /// <summary>Its number in section 4.3.</summary>
    public int Number { get; }

    /// <summary>What it looks at; a tag of metrics.</summary>
    public string Name { get; }

    /// <summary>The error on the wire (section 12.2).</summary>
    public string Error { get; }

    /// <summary>The same for a person.</summary>
    public string Description { get; }
}
