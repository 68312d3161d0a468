namespace Platform.Client;

/// <summary>
/// The Platform API, a property for each part of it. Made of the document that the API gives of itself, so it has every operation, argument and answer.
/// Thread safe; one for each base address is enough.
/// </summary>
public sealed partial class PlatformClient
{
    private readonly PlatformTransport _transport;

    /// <summary>Sends over a client whose <see cref="HttpClient.BaseAddress"/> is that of the API.</summary>
    /// <param name="http">Adds the token, as <see cref="ClientCredentialsHandler"/> does, and whatever else is wanted: retries, tracing. It is not disposed of.</param>
    /// <exception cref="ArgumentException">It has no base address.</exception>
    public PlatformClient(HttpClient http)
    {
        ArgumentNullException.ThrowIfNull(http);
        _transport = http.BaseAddress is not null ? new PlatformTransport(http) : throw new ArgumentException("The client needs a base address.", nameof(http));
    }
}
