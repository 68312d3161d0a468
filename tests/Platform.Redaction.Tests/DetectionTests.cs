namespace Platform.Redaction.Tests;

public sealed class DetectionTests
{
    private static readonly PiiDetector Detector = new();

    [Theory]
    [InlineData("mail <josé.ñ@exämple.de>, please", "email", "josé.ñ@exämple.de")]
    [InlineData("GET /find?mail=john.doe%40example.com&x=1", "email", "john.doe%40example.com")]
    [InlineData("call +44 (0)20 7123 4567 today", "phone", "+44 (0)20 7123 4567")]
    [InlineData("tel: 089 1234567", "phone", "089 1234567")]
    [InlineData("paid with 3714 496353 98431.", "credit_card", "3714 496353 98431")]
    [InlineData("pan 2221000000000009", "credit_card", "2221000000000009")]
    [InlineData("iban: gb29nwbk60161331926819", "iban", "gb29nwbk60161331926819")]
    [InlineData("to bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4 sent", "crypto", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4")]
    [InlineData("peer 203.0.113.77:51234 left", "ip", "203.0.113.77")]
    [InlineData("hetu 131052-308T", "fi_personal_identity_code", "131052-308T")]
    [InlineData("pesel 44051401458", "pl_pesel", "44051401458")]
    [InlineData("tfn 876543210", "au_tfn", "876543210")]
    [InlineData("patient nhs no 943 476 5919", "uk_nhs", "943 476 5919")]
    [InlineData("\"nationalInsurance\":\"AB123456C\"", "uk_nino", "AB123456C")]
    [InlineData("pan card ABCPE1234F", "in_pan", "ABCPE1234F")]
    [InlineData("aadhaar 3998 7654 3211", "in_aadhaar", "3998 7654 3211")]
    [InlineData("주민등록번호는 960121-1021413입니다", "kr_rrn", "960121-1021413")]
    [InlineData("date of birth: 21 May 1980", "date_of_birth", "21 May 1980")]
    [InlineData("\"birthDate\":\"1980-05-21T00:00:00\"", "date_of_birth", "1980-05-21")]
    [InlineData("\"lastName\":\"O'Brien\"", "person_name", "O'Brien")]
    [InlineData("firstName=Jane lastSeen=now", "person_name", "Jane")]
    [InlineData("""{"ClientName":"Jane Doe","x":1}""", "person_name", "Jane Doe")]
    [InlineData("client_name: Jane Doe, paid", "person_name", "Jane Doe")]
    [InlineData("""{"fullName":"J. R. O'Brien jr."}""", "person_name", "J. R. O'Brien jr.")]
    [InlineData("my passport number is 912803456", "us_passport", "912803456")]
    [InlineData("driver license D1234567", "us_driver_license", "D1234567")]
    public void A_value_within_a_text_is_found_at_its_place(string text, string type, string value) => AssertFound(text, type, value);

    [Theory]
    [InlineData("aws AKIAIOSFODNN7EXAMPLE", "api_key", "AKIAIOSFODNN7EXAMPLE")]
    [InlineData("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "generic_secret", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")]
    [InlineData("AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;End", "generic_secret", "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==")]
    [InlineData("token ghp_abcdefghijklmnopqrstuvwxyz0123456789", "api_key", "ghp_abcdefghijklmnopqrstuvwxyz0123456789")]
    [InlineData("x eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl y", "jwt", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl")]
    [InlineData("Authorization: Bearer 8xLOxBtZp8abcd1234", "authorization_header", "8xLOxBtZp8abcd1234")]
    [InlineData("Authorization: Basic YW5uOnBhNTV3b3Jk", "authorization_header", "YW5uOnBhNTV3b3Jk")]
    [InlineData("postgres://ann:pa55@db:5432/x", "url_credentials", "ann:pa55")]
    [InlineData("Server=db;Password='a b;c';X=1", "password", "a b;c")]
    [InlineData("{\"password\": \"hunter two\"}", "password", "hunter two")]
    [InlineData("psql --password hunter2 -h db", "password", "hunter2")]
    [InlineData("client_secret=demo-secret&grant_type=x", "generic_secret", "demo-secret")]
    [InlineData("?access_token=a1B2c3D4e5F6g7H8&x=1", "generic_secret", "a1B2c3D4e5F6g7H8")]
    [InlineData("post https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX ok", "webhook_url", "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY----- tail", "private_key", "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMIIB", "private_key", "-----BEGIN PRIVATE KEY-----\nMIIB")]
    [InlineData("bot 123456789:AAbbccddeeffgghhiijjkkllmmnnooppqqr", "api_key", "123456789:AAbbccddeeffgghhiijjkkllmmnnooppqqr")]
    public void A_secret_is_found_at_its_place(string text, string type, string value) => AssertFound(text, type, value);

    [Theory]
    [InlineData("customerName", "payments")]
    [InlineData("ClientName", "Jane Doe")]
    [InlineData("MemberName", "jane doe")]
    public void The_name_of_a_person_in_a_field_is_found(string field, string value) =>
        Assert.Equal(PiiType.PersonName, Assert.Single(Detector.Detect(value, field)).Type);

    [Fact]
    public void Words_around_raise_confidence()
    {
        var detector = new PiiDetector(new() { MinimumConfidence = 0.05 });

        Assert.True(Confidence(detector, "aadhaar 3998 7654 3211") > Confidence(detector, "x 3998 7654 3211"));
        Assert.True(Confidence(detector, "order 3998 7654 3211") < Confidence(detector, "x 3998 7654 3211"));
    }

    [Fact]
    public void A_checksum_raises_confidence()
    {
        var detector = new PiiDetector();

        Assert.True(Confidence(detector, "S1234567D") > Confidence(new(new() { MinimumConfidence = 0.05 }), "S1234567A"));
    }

    [Fact]
    public void A_bare_value_is_found_only_where_that_is_asked_for()
    {
        Assert.Empty(Detector.Detect("078051121"));
        Assert.Contains(new PiiDetector(new() { BareValues = true }).Detect("078051121"), match => match.Type == PiiType.UsSsn);
    }

    private static double Confidence(PiiDetector detector, string text) => detector.Detect(text).Select(match => match.Confidence).DefaultIfEmpty(0).Max();

    private static void AssertFound(string text, string type, string value)
    {
        var found = Detector.Detect(text).Select(match => (Type: PiiTypes.NameOf(match.Type), Value: match.ValueIn(text).ToString())).ToList();

        Assert.Contains((type, value), found);
    }
}
