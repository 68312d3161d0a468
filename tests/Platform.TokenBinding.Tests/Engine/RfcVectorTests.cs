using Microsoft.Extensions.Time.Testing;
using Platform.TokenBinding.DPoP;
using Platform.TokenBinding.Tests.Support;

namespace Platform.TokenBinding.Tests.Engine;

/// <summary>The examples of RFC 9449 as they stand there.</summary>
public sealed class RfcVectorTests
{
    // Figure 1, section 4.1, and figure 2 of section 4.2.
    private const string AtTokenEndpoint =
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMi"
        + "LCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoi"
        + "UE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg"
        + "4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";

    // Figure 12, section 7.1: the proof for a resource, and its token.
    private const string AtResource =
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMi"
        + "LCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoi"
        + "R0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNF"
        + "c05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA";

    private const string Token = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
    private const string Thumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

    [Fact]
    public void Proof_of_section_4_holds_and_has_the_thumbprint_of_section_6()
    {
        var verdict = At(1562262616).Verify([AtTokenEndpoint], new DPoPExpectation("POST", "https://server.example.com/token", null, null, false));
        Assert.Null(verdict.Failed);
        Assert.Equal(Thumbprint, verdict.Thumbprint);
    }

    [Fact]
    public void Proof_of_section_7_holds_for_its_token_and_key()
    {
        var verdict = At(1562262618).Verify(
            [AtResource], new DPoPExpectation("GET", "https://resource.example.org/protectedresource", Token, Thumbprint, false));
        Assert.Null(verdict.Failed);
    }

    [Fact]
    public void Hash_of_the_token_is_that_of_the_rfc() => Assert.Equal("fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo", ProofKey.HashOf(Token));

    [Theory]
    [InlineData(1562262616 + 71)]
    [InlineData(1562262616 - 11)]
    public void Proof_holds_in_its_time_only(long now) => Assert.Equal(
        DPoPCheck.CreationTime,
        At(now).Verify([AtTokenEndpoint], new DPoPExpectation("POST", "https://server.example.com/token", null, null, false)).Failed);

    private static DPoPVerifier At(long seconds) => new(new DPoPOptions(), new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(seconds)));
}
