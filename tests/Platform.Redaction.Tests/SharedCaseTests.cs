namespace Platform.Redaction.Tests;

public sealed class SharedCaseTests
{
    private static readonly PiiDetector Detector = new(new() { BareValues = true });

    [Fact]
    public void Identifiers_with_a_checksum_are_found_at_their_exact_places() => AssertShare(of => of.HasChecksum && of.Count > 0, least: 0.98);

    [Fact]
    public void Supported_types_are_found_at_their_exact_places() => AssertShare(of => of.IsSupported && of.Count > 0, least: 0.95);

    [Fact]
    public void What_is_no_value_of_a_type_is_not_taken_for_one() => AssertShare(of => of.IsSupported && of.Count == 0, least: 0.95);

    private static void AssertShare(Func<SharedCase, bool> chosen, double least)
    {
        var cases = SharedCase.All.Where(chosen).ToList();
        var missed = cases.Where(of => !of.IsMetBy(Detector)).ToList();
        var share = 1 - ((double)missed.Count / cases.Count);

        Assert.True(share >= least, $"{share:P1} of {cases.Count}; missed: {string.Join(" | ", missed.Select(of => $"{of.Recognizer} '{of.Text}'"))}");
    }
}
