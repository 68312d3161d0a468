using System.Globalization;
using System.Security.Claims;
using Platform.ServiceDefaults.TokenBinding;
using Platform.TokenBinding;

namespace Platform.GraphQL.Subscriptions;

/// <summary>Watches the tokens that connections stay open by.</summary>
internal sealed class TokenEnds(TimeProvider time, IServiceProvider services)
{
    // A host without tokens has nothing to revoke.
    private readonly IRevocations? _revocations = services.GetService<IRevocations>();

    /// <summary>Watches one until it is disposed.</summary>
    public TokenEnd Of(ClaimsPrincipal user) => new(user, _revocations, time);
}

/// <summary>The end of the token that a connection came with: its time is over, or it was revoked. Thread safe.</summary>
internal sealed class TokenEnd : IDisposable
{
    // The longest that a timer waits; by then the connection is closed anyway.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(40);

    private readonly ClaimsPrincipal _user;
    private readonly IRevocations? _revocations;
    private readonly CancellationTokenSource _expiry;
    private readonly CancellationTokenSource _revocation = new();
    private readonly CancellationTokenSource _either;

    public TokenEnd(ClaimsPrincipal user, IRevocations? revocations, TimeProvider time)
    {
        (_user, _revocations) = (user, revocations);
        _expiry = new CancellationTokenSource(Left(user, time.GetUtcNow()), time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_expiry.Token, _revocation.Token);
        if (revocations is not null)
        {
            revocations.Changed += Look;
            Look();
        }
    }

    /// <summary>Fires when the token is good no longer.</summary>
    public CancellationToken Reached => _either.Token;

    /// <summary>Why it is not.</summary>
    public string Reason => _revocation.IsCancellationRequested ? "The token was revoked" : "The token has expired";

    public void Dispose()
    {
        if (_revocations is not null)
        {
            _revocations.Changed -= Look;
        }

        _either.Dispose();
        _expiry.Dispose();
        _revocation.Dispose();
    }

    // What is left of the token's time (RFC 9068, section 2.2, exp).
    private static TimeSpan Left(ClaimsPrincipal user, DateTimeOffset now)
    {
        if (!long.TryParse(user.FindFirstValue("exp"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return Longest;
        }

        var left = DateTimeOffset.FromUnixTimeSeconds(seconds) - now;
        return left <= TimeSpan.Zero ? TimeSpan.Zero : left < Longest ? left : Longest;
    }

    private void Look()
    {
        if (!_revocations!.IsRevoked(_user))
        {
            return;
        }

        try
        {
            // What ends with it is not done on the thread that brought the word.
            _ = _revocation.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The connection ended at the same moment.
        }
    }
}
