namespace Platform.ServiceDefaults.Secrets;

/// <summary>
/// How a provider's keys are made, checked and revoked over HTTP. Section <c>Platform:Secrets:Providers:&lt;kind&gt;</c>; for the kinds that are built in, over their defaults.
/// In paths, headers and bodies stand <c>{tag}</c> (the new key's name: <c>platform-&lt;secret&gt;-&lt;version&gt;</c>), <c>{key}</c> (a short id of the version), <c>{id}</c>,
/// <c>{value}</c>, <c>{after}</c>, and the secret's settings, such as <c>{AdminKey}</c>.
/// </summary>
internal sealed class HttpKeyProfile
{
    public const string Section = "Platform:Secrets:Providers";

    /// <summary>Where the administration is.</summary>
    public Uri? AdminAddress { get; set; }

    /// <summary>Where the keys are used; by default where the administration is.</summary>
    public Uri? UseAddress { get; set; }

    /// <summary>Headers of every request to the administration.</summary>
    public Dictionary<string, string> AdminHeaders { get; } = [];

    /// <summary>Makes a key. None: keys are made by hand, and given with <c>secrets set</c>.</summary>
    public HttpKeyRequest? Create { get; set; }

    /// <summary>Asks for the value, where the answer to <see cref="Create"/> does not hold it; repeated while it is not there.</summary>
    public HttpKeyRequest? Reveal { get; set; }

    /// <summary>Lists keys, so that what a crash left over is found.</summary>
    public HttpKeyRequest? List { get; set; }

    /// <summary>Uses a key.</summary>
    public HttpKeyRequest? Verify { get; set; }

    /// <summary>Makes a key worthless. That there is none of that id is as good.</summary>
    public HttpKeyRequest? Revoke { get; set; }
}

/// <summary>One request of a profile. Pointers are those of RFC 6901.</summary>
internal sealed class HttpKeyRequest
{
    public string Method { get; set; } = "GET";

    public string Path { get; set; } = "/";

    public Dictionary<string, string> Headers { get; } = [];

    /// <summary>JSON.</summary>
    public string? Body { get; set; }

    /// <summary>Where the key's id is in the answer, or in an item of the list; after a slash its last part counts.</summary>
    public string? Id { get; set; }

    /// <summary>Where the value is in the answer.</summary>
    public string? Value { get; set; }

    /// <summary>Where the list is in the answer.</summary>
    public string? Items { get; set; }

    /// <summary>Where the key's name is in an item.</summary>
    public string? Name { get; set; }

    /// <summary>Where the answer says from where the list goes on: <c>{after}</c> of the next request.</summary>
    public string? Next { get; set; }

    /// <summary>Where an answer with 200 says that the key was refused all the same.</summary>
    public string? Status { get; set; }

    /// <summary>What it says then.</summary>
    public List<string> Refused { get; } = [];
}
