using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Platform.Secrets;

namespace Platform.ServiceDefaults.Secrets;

/// <summary>
/// A secret that a sender of webhooks shares with us (Standard Webhooks 1.0). Hosts accept the new one before the sender uses it, and the old one until the overlap is
/// over. Settings: <c>SenderAddress</c>, to which the secret is put as <c>{"secret": "..."}</c>, and <c>SenderToken</c>, a bearer token; without an address the sender
/// makes the secret, and an operator gives it with <c>secrets set</c>.
/// </summary>
internal sealed class WebhookRotator(IHttpClientFactory clients) : ISecretRotator
{
    private const int Bytes = 32;

    public string Kind => "webhook";

    public bool CanCreate(SecretDefinition definition) => Sender(definition) is not null;

    public Task<IReadOnlyList<string>> PlanAsync(RotationContext context, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>(
    [
        CanCreate(context.Definition) ? "make a secret of 32 random bytes" : "take the secret that an operator gives (secrets set)",
        "have all hosts accept it, beside the present one",
        Sender(context.Definition) is { } sender ? $"tell {sender.Host} to sign with it" : "tell nobody: the sender has it",
        "accept no other any more, after the overlap",
    ]);

    public Task<NewSecret> CreateAsync(RotationContext context, CancellationToken cancellationToken) => CanCreate(context.Definition)
        ? Task.FromResult(new NewSecret($"whsec_{Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes))}"))
        : throw new RotationException("The sender makes this secret: give it with secrets set.");

    public Task SetAsync(RotationContext context, SecretVersion pending, CancellationToken cancellationToken) => TellAsync(context, pending, cancellationToken);

    public Task TestAsync(RotationContext context, SecretVersion pending, CancellationToken cancellationToken)
    {
        try
        {
            Platform.Webhooks.WebhookSecret.Parse(pending.Value);
        }
        catch (FormatException e)
        {
            throw new RotationException(e.Message, e);
        }

        return Task.CompletedTask;
    }

    public Task RetireAsync(RotationContext context, SecretVersion? previous, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task DiscardAsync(RotationContext context, SecretVersion? pending, CancellationToken cancellationToken) =>
        pending is not null && context.Current is { } current ? TellAsync(context, current, cancellationToken) : Task.CompletedTask;

    public Task RestoreAsync(RotationContext context, SecretVersion previous, CancellationToken cancellationToken) => TellAsync(context, previous, cancellationToken);

    private async Task TellAsync(RotationContext context, SecretVersion version, CancellationToken cancellationToken)
    {
        if (Sender(context.Definition) is not { } sender)
        {
            return;
        }

        using var request = new HttpRequestMessage(HttpMethod.Put, sender)
        {
            Content = JsonContent.Create(new Dictionary<string, string> { ["secret"] = version.Value }),
        };
        if (context.Definition.Optional("SenderToken") is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        try
        {
            using var response = await clients.CreateClient(HttpKeyRotator.Client).SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw new RotationException($"The sender answered {(int)response.StatusCode}.");
            }
        }
        catch (Exception e) when (e is HttpRequestException or Polly.ExecutionRejectedException)
        {
            throw new RotationException($"The sender could not be told: {e.GetType().Name}.", e);
        }
    }

    private static Uri? Sender(SecretDefinition definition) => definition.Optional("SenderAddress") is { } address ? new Uri(address) : null;
}
