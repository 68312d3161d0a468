namespace Platform.Redaction;

/// <summary>The kinds of personal data and secrets that are found in text. Their names on the wire are those of <see cref="PiiTypes.NameOf"/>.</summary>
public enum PiiType
{
    /// <summary>E-mail address (RFC 5321, RFC 6531), also with its at sign percent-encoded.</summary>
    Email,

    /// <summary>Telephone number: international (ITU-T E.164) anywhere, national where the format or a word around says so.</summary>
    Phone,

    /// <summary>Payment card (ISO/IEC 7812: issuer range and Luhn).</summary>
    CreditCard,

    /// <summary>International bank account number (ISO 13616: length of the country, mod 97).</summary>
    Iban,

    /// <summary>Bitcoin (Base58Check, Bech32) or Ethereum address.</summary>
    Crypto,

    /// <summary>IPv4 or IPv6 address (RFC 4291), with its prefix length if one follows.</summary>
    Ip,

    /// <summary>MAC address (EUI-48) in one of its three spellings.</summary>
    Mac,

    /// <summary>Date of birth, where a word before says so.</summary>
    DateOfBirth,

    /// <summary>Name of a person in a structured field, after a title or in an introduction.</summary>
    PersonName,

    /// <summary>United States social security number.</summary>
    UsSsn,

    /// <summary>United States individual taxpayer identification number.</summary>
    UsItin,

    /// <summary>United States passport.</summary>
    UsPassport,

    /// <summary>United States driving licence, the formats of the states.</summary>
    UsDriverLicense,

    /// <summary>United States bank account.</summary>
    UsBank,

    /// <summary>United States bank routing number (ABA).</summary>
    AbaRouting,

    /// <summary>United States national provider identifier (Luhn over 80840 and the number).</summary>
    UsNpi,

    /// <summary>United States Medicare beneficiary identifier.</summary>
    UsMbi,

    /// <summary>United States medical certificate of the DEA.</summary>
    MedicalLicense,

    /// <summary>Canadian social insurance number (Luhn).</summary>
    CaSin,

    /// <summary>United Kingdom NHS number (mod 11).</summary>
    UkNhs,

    /// <summary>United Kingdom national insurance number.</summary>
    UkNino,

    /// <summary>United Kingdom passport.</summary>
    UkPassport,

    /// <summary>United Kingdom driving licence (DVLA).</summary>
    UkDrivingLicence,

    /// <summary>United Kingdom postcode.</summary>
    UkPostcode,

    /// <summary>United Kingdom vehicle registration.</summary>
    UkVehicleRegistration,

    /// <summary>Australian business number (mod 89).</summary>
    AuAbn,

    /// <summary>Australian company number.</summary>
    AuAcn,

    /// <summary>Australian tax file number (mod 11).</summary>
    AuTfn,

    /// <summary>Australian Medicare number.</summary>
    AuMedicare,

    /// <summary>Indian Aadhaar (Verhoeff).</summary>
    InAadhaar,

    /// <summary>Indian permanent account number.</summary>
    InPan,

    /// <summary>Indian goods and services tax number.</summary>
    InGstin,

    /// <summary>Indian passport.</summary>
    InPassport,

    /// <summary>Indian voter card.</summary>
    InVoter,

    /// <summary>Indian vehicle registration.</summary>
    InVehicleRegistration,

    /// <summary>Italian fiscal code.</summary>
    ItFiscalCode,

    /// <summary>Italian VAT code.</summary>
    ItVatCode,

    /// <summary>Italian passport.</summary>
    ItPassport,

    /// <summary>Italian identity card.</summary>
    ItIdentityCard,

    /// <summary>Italian driving licence.</summary>
    ItDriverLicense,

    /// <summary>Spanish tax number of a citizen (mod 23).</summary>
    EsNif,

    /// <summary>Spanish number of a foreigner (mod 23).</summary>
    EsNie,

    /// <summary>Spanish passport.</summary>
    EsPassport,

    /// <summary>German tax id (ISO 7064 mod 11,10).</summary>
    DeTaxId,

    /// <summary>German tax number, of a state or unified.</summary>
    DeTaxNumber,

    /// <summary>German VAT id.</summary>
    DeVatId,

    /// <summary>German identity card.</summary>
    DeIdCard,

    /// <summary>German passport.</summary>
    DePassport,

    /// <summary>German driving licence.</summary>
    DeFuehrerschein,

    /// <summary>German health insurance number.</summary>
    DeHealthInsurance,

    /// <summary>German pension insurance number.</summary>
    DeSocialSecurity,

    /// <summary>German physician number.</summary>
    DeLanr,

    /// <summary>German medical practice number.</summary>
    DeBsnr,

    /// <summary>German commercial register entry.</summary>
    DeHandelsregister,

    /// <summary>German vehicle registration.</summary>
    DeKfz,

    /// <summary>German postal code.</summary>
    DePlz,

    /// <summary>Finnish personal identity code (mod 31).</summary>
    FiPersonalIdentityCode,

    /// <summary>Swedish personal number (Luhn).</summary>
    SePersonnummer,

    /// <summary>Swedish organisation number (Luhn).</summary>
    SeOrganisationsnummer,

    /// <summary>Polish PESEL.</summary>
    PlPesel,

    /// <summary>Turkish national id.</summary>
    TrNationalId,

    /// <summary>Turkish vehicle registration.</summary>
    TrLicensePlate,

    /// <summary>Singaporean NRIC or FIN.</summary>
    SgFin,

    /// <summary>Singaporean unique entity number.</summary>
    SgUen,

    /// <summary>Korean resident registration number.</summary>
    KrRrn,

    /// <summary>Korean foreigner registration number.</summary>
    KrFrn,

    /// <summary>Korean business registration number.</summary>
    KrBrn,

    /// <summary>Korean passport.</summary>
    KrPassport,

    /// <summary>Korean driving licence.</summary>
    KrDriverLicense,

    /// <summary>Thai national id (mod 11).</summary>
    ThTnin,

    /// <summary>Philippine taxpayer number.</summary>
    PhTin,

    /// <summary>Nigerian national id (Verhoeff).</summary>
    NgNin,

    /// <summary>Nigerian vehicle registration.</summary>
    NgVehicleRegistration,

    /// <summary>South African id (Luhn).</summary>
    ZaIdNumber,

    /// <summary>User name and password in the authority of a URL (RFC 3986, section 3.2.1).</summary>
    UrlCredentials,

    /// <summary>Password or key inside a connection string or assignment.</summary>
    Password,

    /// <summary>Key of a cloud or service with a recognizable form.</summary>
    ApiKey,

    /// <summary>JSON Web Token (RFC 7519).</summary>
    Jwt,

    /// <summary>Private key in PEM (RFC 7468).</summary>
    PrivateKey,

    /// <summary>Credentials of an Authorization header (RFC 6750, RFC 7617).</summary>
    AuthorizationHeader,

    /// <summary>Webhook address that is a credential by itself.</summary>
    WebhookUrl,

    /// <summary>Value of a field whose name speaks of a secret, where it looks random.</summary>
    GenericSecret,
}
