using System.Net;
using Platform.TokenBinding.Fingerprints;

namespace Platform.TokenBinding.Tests.Fingerprints;

public sealed class FingerprintTests
{
    [Theory]
    [InlineData("192.0.2.77", "192.0.2.0/24")]
    [InlineData("::ffff:192.0.2.77", "192.0.2.0/24")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48")]
    [InlineData(null, "none")]
    public void Network_is_the_prefix(string? address, string network) =>
        Assert.Equal(network, NetworkPrefix.Of(address is null ? null : IPAddress.Parse(address), 24, 48));

    [Theory]
    [InlineData(20, "192.0.16.0/20")]
    [InlineData(32, "192.0.31.77/32")]
    public void Prefix_may_end_within_a_byte(int bits, string network) =>
        Assert.Equal(network, NetworkPrefix.Of(IPAddress.Parse("192.0.31.77"), bits, 48));

    [Theory]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36", "chrome/linux")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36", "chrome/linux")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0", "edge/windows")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1", "safari/ios")]
    [InlineData("Mozilla/5.0 (Android 15; Mobile; rv:144.0) Gecko/144.0 Firefox/144.0", "firefox/android")]
    [InlineData("curl/8.14.1", "curl")]
    [InlineData("python-requests/2.32", "python-requests")]
    [InlineData("", "none")]
    [InlineData(null, "none")]
    public void Family_survives_an_update(string? userAgent, string family) => Assert.Equal(family, UserAgentFamily.Of(userAgent));

    [Fact]
    public void Sealed_fingerprint_tells_nothing_and_compares()
    {
        var seal = new FingerprintSeal(new byte[32]);
        var at = new Fingerprint("192.0.2.0/24", "curl");
        var one = seal.Make(at);
        Assert.NotEqual(one, seal.Make(at));
        Assert.DoesNotContain("curl", one, StringComparison.Ordinal);
        Assert.Equal(new FingerprintMatch(true, true), seal.Compare(one, at));
        Assert.Equal(new FingerprintMatch(false, true), seal.Compare(one, at with { Network = "198.51.100.0/24" }));
        Assert.Equal(new FingerprintMatch(true, false), seal.Compare(one, at with { UserAgent = "wget" }));
        Assert.Equal(default, new FingerprintSeal([.. Enumerable.Repeat((byte)1, 32)]).Compare(one, at));
        Assert.Equal(default, seal.Compare("1.2.3", at));
    }

    [Theory]
    [InlineData(FingerprintMode.Strict, true, true, true)]
    [InlineData(FingerprintMode.Strict, false, true, false)]
    [InlineData(FingerprintMode.Strict, true, false, false)]
    [InlineData(FingerprintMode.Tolerant, false, true, true)]
    [InlineData(FingerprintMode.Tolerant, true, false, true)]
    [InlineData(FingerprintMode.Tolerant, false, false, false)]
    public void Mode_says_how_much_has_to_be_the_same(FingerprintMode mode, bool network, bool userAgent, bool suffices) =>
        Assert.Equal(suffices, new FingerprintMatch(network, userAgent).Suffices(new FingerprintOptions { Mode = mode }));
}
