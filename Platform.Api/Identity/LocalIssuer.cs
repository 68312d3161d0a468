using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Platform.ServiceDefaults.Identity;

namespace Platform.Api.Identity;

/// <summary>
/// The API checks the tokens that it issues itself: with the keys of the ring, not by asking itself over HTTP. A token with an unknown
/// key makes the ring be read again before it is refused, because another replica may have begun to sign with it; whoever brings such a token
/// meanwhile waits for that.
/// </summary>
internal sealed class LocalIssuer : BaseConfigurationManager, IConfigurationManager<OpenIdConnectConfiguration>, IPostConfigureOptions<JwtBearerOptions>
{
    // Bounded, so that tokens with made-up keys do not become queries.
    private static readonly TimeSpan RefreshAtMostEvery = TimeSpan.FromSeconds(1);

    private readonly KeyRing _ring;
    private readonly TimeProvider _time;
    private readonly string _issuer;

    private readonly Lock _gate = new();

    // Set in the flow of a request whose token has an unknown key: nobody else waits.
    private readonly AsyncLocal<bool> _lacksKey = new();

    private Task _refresh = Task.CompletedTask;

    // A timestamp of the clock; 0 before the first.
    private long _refreshedAt;

    private volatile Tuple<KeyRingContent, OpenIdConnectConfiguration>? _made;

    public LocalIssuer(KeyRing ring, IOptions<IdentityOptions> identity, TimeProvider time)
    {
        (_ring, _time, _issuer) = (ring, time, identity.Value.Issuer!.AbsoluteUri);
        UseLastKnownGoodConfiguration = false;
    }

    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel)
    {
        if (_lacksKey.Value)
        {
            await Volatile.Read(ref _refresh).WaitAsync(cancel);
        }

        var content = await _ring.GetAsync(cancel);
        if (_made is { } made && ReferenceEquals(made.Item1, content))
        {
            return made.Item2;
        }

        var configuration = new OpenIdConnectConfiguration { Issuer = _issuer };
        foreach (var key in content.Signing)
        {
            configuration.SigningKeys.Add(key);
        }

        _made = Tuple.Create(content, configuration);
        return configuration;
    }

    public override async Task<BaseConfiguration> GetBaseConfigurationAsync(CancellationToken cancel) => await GetConfigurationAsync(cancel);

    // Of the handler of tokens, which asks for the configuration again right after.
    public override void RequestRefresh()
    {
        _lacksKey.Value = true;
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            if (_refresh.IsCompleted && (_refreshedAt == 0 || _time.GetElapsedTime(_refreshedAt, now) >= RefreshAtMostEvery))
            {
                _refreshedAt = now;
                Volatile.Write(ref _refresh, Task.Run(() => _ring.RefreshAsync(CancellationToken.None)));
            }
        }
    }

    // Before JwtBearer's own, which would set up one that asks over HTTP.
    public void PostConfigure(string? name, JwtBearerOptions options)
    {
        if (name == JwtBearerDefaults.AuthenticationScheme)
        {
            options.ConfigurationManager = this;
        }
    }
}
