using System.Text.Json;

namespace Platform.Redaction.Tests;

/// <summary>The cases of <c>cases/presidio_cases.json</c>.</summary>
internal sealed record SharedCase(string File, string Text, int Count, IReadOnlyList<(int Start, int End)> Spans)
{
    // Recognizers of what is no identifier, see docs/redaction.md.
    private static readonly string[] Unsupported = ["date", "pattern", "spacy", "stanza", "transformers", "url"];

    // Identifiers with a checksum that their cases show right and wrong.
    private static readonly string[] WithChecksum =
    [
        "aba_routing", "au_abn", "au_acn", "au_medicare", "au_tfn", "ca_sin", "certificate_number", "credit_card", "crypto", "de_health_insurance",
        "de_id_card", "de_lanr", "de_passport", "de_social_security", "de_tax_id", "es_nie", "es_nif", "fi_personal_identity_code", "iban",
        "in_aadhaar", "it_vat_code", "kr_brn", "ng_nin", "pl_pesel", "se_organisationsnummer", "se_personnummer", "sg_uen", "th_tnin",
        "tr_national_id", "uk_nhs", "us_npi", "za_id_number",
    ];

    public static readonly IReadOnlyList<SharedCase> All = Load();

    /// <summary>The recognizer, <c>us_ssn</c>.</summary>
    public string Recognizer => File["test_".Length..^"_recognizer.py".Length];

    public bool IsSupported => !Unsupported.Contains(Recognizer);

    public bool HasChecksum => WithChecksum.Contains(Recognizer);

    public PiiType Type => Recognizer switch
    {
        "certificate_number" => PiiType.MedicalLicense,
        "tr_phone_number" or "ph_mobile_number" => PiiType.Phone,
        var name => PiiTypes.TryParse(name, out var type) ? type : throw new InvalidOperationException($"No type for {name}."),
    };

    /// <summary>Whether exactly the expected places were found, of this type.</summary>
    public bool IsMetBy(PiiDetector detector)
    {
        var found = detector.Detect(Text).Where(match => match.Type == Type).Select(match => (match.Start, match.End)).Distinct().ToList();
        return found.Count == Count && Spans.All(found.Contains);
    }

    private static List<SharedCase> Load()
    {
        using var document = JsonDocument.Parse(System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "cases", "presidio_cases.json")));
        return [.. document.RootElement.EnumerateArray().Select(Read)];
    }

    private static SharedCase Read(JsonElement item)
    {
        var count = item.GetProperty("n").GetInt32();
        return new(item.GetProperty("file").GetString()!, item.GetProperty("text").GetString()!, count, count == 0 ? [] : SpansOf(item));
    }

    // Either a list of pairs or, for a single place, the pair itself.
    private static List<(int, int)> SpansOf(JsonElement item)
    {
        if (!item.TryGetProperty("pos", out var places) || places.ValueKind != JsonValueKind.Array || places.GetArrayLength() == 0)
        {
            return [];
        }

        return places[0].ValueKind == JsonValueKind.Number
            ? [(places[0].GetInt32(), places[1].GetInt32())]
            : [.. places.EnumerateArray().Select(pair => (pair[0].GetInt32(), pair[1].GetInt32()))];
    }
}
