namespace Platform.ServiceDefaults.Secrets;

/// <summary>The profiles that are built in, after what the providers document of their administration.</summary>
internal static class HttpKeyProfiles
{
    public static readonly string[] Known = ["openai", "anthropic", "google_maps"];

    public static HttpKeyProfile? Of(string name) => name switch
    {
        "openai" => OpenAi(),
        "anthropic" => Anthropic(),
        "google_maps" => GoogleMaps(),
        _ => null,
    };

    // Each key is that of a service account of its own, which goes with it. Settings: AdminKey, Project.
    private static HttpKeyProfile OpenAi() => new()
    {
        AdminAddress = new Uri("https://api.openai.com"),
        AdminHeaders = { ["Authorization"] = "Bearer {AdminKey}" },
        Create = new()
        {
            Method = "POST",
            Path = "/v1/organization/projects/{Project}/service_accounts",
            Body = """{"name": "{tag}"}""",
            Id = "/id",
            Value = "/api_key/value",
        },
        List = new()
        {
            Path = "/v1/organization/projects/{Project}/service_accounts?limit=100&after={after}",
            Items = "/data",
            Id = "/id",
            Name = "/name",
            Next = "/last_id",
        },
        Verify = new() { Path = "/v1/models", Headers = { ["Authorization"] = "Bearer {value}" } },
        Revoke = new() { Method = "DELETE", Path = "/v1/organization/projects/{Project}/service_accounts/{id}" },
    };

    // The administration makes no keys: they are made in the console and given with `secrets set`. Setting: AdminKey.
    private static HttpKeyProfile Anthropic() => new()
    {
        AdminAddress = new Uri("https://api.anthropic.com"),
        AdminHeaders = { ["x-api-key"] = "{AdminKey}", ["anthropic-version"] = "2023-06-01" },
        List = new() { Path = "/v1/organizations/api_keys?status=active&limit=100&after_id={after}", Items = "/data", Id = "/id", Name = "/name", Next = "/last_id" },
        Verify = new() { Path = "/v1/models", Headers = { ["x-api-key"] = "{value}", ["anthropic-version"] = "2023-06-01" } },
        Revoke = new() { Method = "POST", Path = "/v1/organizations/api_keys/{id}", Body = """{"status": "inactive"}""" },
    };

    // Settings: AdminKey (an OAuth 2.0 access token), Project.
    private static HttpKeyProfile GoogleMaps() => new()
    {
        AdminAddress = new Uri("https://apikeys.googleapis.com"),
        UseAddress = new Uri("https://maps.googleapis.com"),
        AdminHeaders = { ["Authorization"] = "Bearer {AdminKey}" },
        Create = new()
        {
            Method = "POST",
            Path = "/v2/projects/{Project}/locations/global/keys?keyId={key}",
            Body = """{"displayName": "{tag}", "restrictions": {"apiTargets": [{"service": "geocoding-backend.googleapis.com"}]}}""",
        },
        Reveal = new() { Path = "/v2/projects/{Project}/locations/global/keys/{id}/keyString", Value = "/keyString" },
        List = new()
        {
            Path = "/v2/projects/{Project}/locations/global/keys?pageSize=100&pageToken={after}",
            Items = "/keys",
            Id = "/name",
            Name = "/displayName",
            Next = "/nextPageToken",
        },
        Verify = new() { Path = "/maps/api/geocode/json?address=Greenwich&key={value}", Status = "/status", Refused = { "REQUEST_DENIED" } },
        Revoke = new() { Method = "DELETE", Path = "/v2/projects/{Project}/locations/global/keys/{id}" },
    };
}
