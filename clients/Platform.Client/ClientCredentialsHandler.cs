using System.Net.Http.Headers;
using System.Text.Json;

namespace Platform.Client;

/// <summary>
/// Gets a token for a client's own credentials (RFC 6749, section 4.4), sends it along, and gets a new one before it expires, or once when it is refused.
/// Thread safe.
/// </summary>
/// <param name="tokenEndpoint">The address of <c>/connect/token</c>.</param>
/// <param name="clientId">The client.</param>
/// <param name="clientSecret">Its secret.</param>
/// <param name="scopes">What the token is for; all that the client may have by default.</param>
/// <param name="time">The clock; the system's by default.</param>
public sealed class ClientCredentialsHandler(Uri tokenEndpoint, string clientId, string clientSecret, IEnumerable<string>? scopes = null, TimeProvider? time = null)
    : DelegatingHandler
{
    // Renewed this long before it expires, so that it is good on arrival.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly SemaphoreSlim _renewal = new(1, 1);
    private Token? _token;

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var token = await TokenAsync(null, cancellationToken).ConfigureAwait(false);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);

        // Keys may have been changed meanwhile. A second refusal is final. What was read from a stream cannot be sent again.
        if (response.StatusCode is not System.Net.HttpStatusCode.Unauthorized || request.Content is StreamContent)
        {
            return response;
        }

        response.Dispose();
        token = await TokenAsync(token, cancellationToken).ConfigureAwait(false);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _renewal.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<Token> TokenAsync(Token? refused, CancellationToken cancellationToken)
    {
        if (Good(refused) is { } token)
        {
            return token;
        }

        await _renewal.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return Good(refused) ?? (_token = await AskAsync(cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            _renewal.Release();
        }
    }

    private Token? Good(Token? refused) => _token is { } token && token != refused && _time.GetUtcNow() < token.RenewAt ? token : null;

    private async Task<Token> AskAsync(CancellationToken cancellationToken)
    {
        var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = clientId, ["client_secret"] = clientSecret };
        if (scopes is not null)
        {
            form["scope"] = string.Join(' ', scopes);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, tokenEndpoint) { Content = new FormUrlEncodedContent(form) };
        using var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
        var expires = body.RootElement.TryGetProperty("expires_in", out var seconds) ? TimeSpan.FromSeconds(seconds.GetInt64()) : TimeSpan.FromMinutes(5);
        return new Token(body.RootElement.GetProperty("access_token").GetString()!, _time.GetUtcNow() + expires - Margin);
    }

    private sealed record Token(string Value, DateTimeOffset RenewAt);
}
