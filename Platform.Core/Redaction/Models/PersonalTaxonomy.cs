using Microsoft.Extensions.Compliance.Classification;

namespace Platform.Redaction;

/// <summary>The types of personal data as classifications of Microsoft.Extensions.Compliance.</summary>
public static class PersonalTaxonomy
{
    /// <summary>The name of the taxonomy.</summary>
    public const string Name = "Platform.Personal";

    /// <summary>The classification of a type: its name on the wire, <c>us_ssn</c>.</summary>
    public static DataClassification Of(PiiType type) => new(Name, PiiTypes.NameOf(type));

    /// <summary>The type of a classification of this taxonomy.</summary>
    public static bool TryParse(DataClassification classification, out PiiType type)
    {
        type = default;
        return classification.TaxonomyName == Name && PiiTypes.TryParse(classification.Value, out type);
    }
}
