using System.Collections.Frozen;

namespace Platform.Redaction.Detection;

/// <summary>The words that speak of a type, and those that speak against every one.</summary>
internal static class ContextWords
{
    private static readonly (string Words, PiiType[] Types)[] Lists =
    [
        ("phone telephone tel mobile cell cellphone fax call called sms whatsapp msisdn telefon telefono teléfono móvil movil celular " +
            "téléphone handy rufnummer telefonnummer numaram gsm contact phonenumber mobilenumber puhelin telefoon 전화 电话 手机", [PiiType.Phone]),
        ("card credit creditcard debit visa mastercard amex maestro discover diners jcb unionpay mir pan cc cvv payment kreditkarte carte tarjeta carta", [PiiType.CreditCard]),
        ("iban bank account konto banking sepa bic swift", [PiiType.Iban]),
        ("wallet btc bitcoin crypto eth ethereum", [PiiType.Crypto]),
        ("ip ipv4 ipv6 ipaddress remoteip clientip client remote peer address addr gateway subnet cidr network", [PiiType.Ip]),
        ("mac macaddress ethernet hardware physical bssid", [PiiType.Mac]),
        ("birth birthday birthdate dob born dateofbirth geboren geburtsdatum geburtstag née naissance nacimiento nascita", [PiiType.DateOfBirth]),
        ("ssn ssns ssid social security socialsecurity", [PiiType.UsSsn]),
        ("itin taxpayer individual tax", [PiiType.UsItin]),
        ("passport passports travel passportnumber passportno", [PiiType.UsPassport, PiiType.UkPassport, PiiType.InPassport, PiiType.KrPassport, PiiType.ItPassport, PiiType.EsPassport, PiiType.DePassport]),
        ("pasaporte", [PiiType.EsPassport]),
        ("passaporto", [PiiType.ItPassport]),
        ("reisepass reisepassnummer pass passnummer", [PiiType.DePassport]),
        ("여권 여권번호", [PiiType.KrPassport]),
        ("driver drivers license licence driving dl driverslicense driverlicense permit lic dmv", [PiiType.UsDriverLicense, PiiType.UkDrivingLicence, PiiType.ItDriverLicense, PiiType.KrDriverLicense, PiiType.DeFuehrerschein]),
        ("patente", [PiiType.ItDriverLicense]),
        ("면허 운전면허 운전면허번호", [PiiType.KrDriverLicense]),
        ("führerschein fuehrerschein führerscheinnummer fuehrerscheinnummer fahrerlaubnis führerscheinnr", [PiiType.DeFuehrerschein]),
        ("bank account acct saving savings checking debit", [PiiType.UsBank]),
        ("aba routing rtn abarouting", [PiiType.AbaRouting]),
        ("npi provider", [PiiType.UsNpi]),
        ("mbi medicare beneficiary", [PiiType.UsMbi]),
        ("dea medical certificate prescriber", [PiiType.MedicalLicense]),
        ("sin nas insurance", [PiiType.CaSin]),
        ("nhs health", [PiiType.UkNhs]),
        ("nino insurance ni", [PiiType.UkNino]),
        ("postcode postal zip", [PiiType.UkPostcode, PiiType.DePlz]),
        ("plz postleitzahl", [PiiType.DePlz]),
        ("plate plates vehicle vehicles registration registered car cars licence license number_plate vrm vrn",
            [PiiType.UkVehicleRegistration, PiiType.InVehicleRegistration, PiiType.NgVehicleRegistration, PiiType.TrLicensePlate, PiiType.DeKfz]),
        ("plaka plakası plakasi araç arac", [PiiType.TrLicensePlate]),
        ("kennzeichen kfz kfzkennzeichen nummernschild fahrzeug", [PiiType.DeKfz]),
        ("abn australian business", [PiiType.AuAbn]),
        ("acn australian company", [PiiType.AuAcn]),
        ("tfn australian tax", [PiiType.AuTfn]),
        ("medicare", [PiiType.AuMedicare]),
        ("aadhaar aadhar adhaar uidai uid", [PiiType.InAadhaar]),
        ("pan permanent", [PiiType.InPan]),
        ("gstin gst", [PiiType.InGstin]),
        ("voter epic vote election voting", [PiiType.InVoter]),
        ("rto", [PiiType.InVehicleRegistration]),
        ("codice fiscale fiscal cf", [PiiType.ItFiscalCode]),
        ("piva iva partita vat", [PiiType.ItVatCode]),
        ("identità identita identity carta cie", [PiiType.ItIdentityCard]),
        ("nif dni documento", [PiiType.EsNif]),
        ("nie extranjero extranjeros", [PiiType.EsNie]),
        ("steuer steuerid idnr identifikationsnummer steueridentifikationsnummer tin tax", [PiiType.DeTaxId]),
        ("steuernummer steuer stnr finanzamt", [PiiType.DeTaxNumber]),
        ("ust ustid ustidnr umsatzsteuer vat mwst", [PiiType.DeVatId]),
        ("personalausweis ausweis ausweisnummer personalausweisnummer perso identity", [PiiType.DeIdCard]),
        ("krankenversicherung krankenversichertennummer kvnr krankenkasse egk gk gesundheitskarte versichertennummer health", [PiiType.DeHealthInsurance]),
        ("rvnr rentenversicherung rentenversicherungsnummer sozialversicherung sozialversicherungsnummer sozialversicherungsausweis versicherungsnummer svnr",
            [PiiType.DeSocialSecurity]),
        ("lanr arztnummer arzt", [PiiType.DeLanr]),
        ("bsnr betriebsstätte betriebsstättennummer betriebsstaettennummer praxis", [PiiType.DeBsnr]),
        ("handelsregister amtsgericht registergericht eingetragen", [PiiType.DeHandelsregister]),
        ("hetu henkilötunnus henkilotunnus personbeteckning finnish", [PiiType.FiPersonalIdentityCode]),
        ("personnummer pnr personnr samordningsnummer swedish", [PiiType.SePersonnummer]),
        ("organisationsnummer orgnummer orgnr org", [PiiType.SeOrganisationsnummer]),
        ("pesel", [PiiType.PlPesel]),
        ("tckn tc kimlik kimliği kimligi vatandaşlık", [PiiType.TrNationalId]),
        ("nric fin singpass", [PiiType.SgFin]),
        ("uen acra", [PiiType.SgUen]),
        ("rrn resident korean 주민등록번호 주민번호 주민등록", [PiiType.KrRrn]),
        ("frn arc foreigner 외국인등록번호 외국인", [PiiType.KrFrn]),
        ("brn 사업자등록번호 사업자", [PiiType.KrBrn]),
        ("tnin thai citizen เลขประจำตัวประชาชน เลขบัตรประชาชน บัตรประชาชน", [PiiType.ThTnin]),
        ("tin bir", [PiiType.PhTin]),
        ("nin nigerian nimc", [PiiType.NgNin]),
        ("rsa said southafrican african sa", [PiiType.ZaIdNumber]),
    ];

    private static readonly string[] DenyingWords =
        ("order orders trace span request requests correlation sequence seq offset count counter size length bytes port ports pid thread version ver " +
         "timestamp time duration epoch elapsed build commit hash sha sha256 md5 batch sku item items event events message messages line lines row rows " +
         "position lag ticks nonce etag uuid guid invoice tracking revision ticket job task attempt partition lsn xid transaction " +
         "process session snapshot checksum digest index key cursor page limit quantity total amount price balance status code msg " +
         "assembly package release culture publickeytoken parcel shipment").Split(' ');

    // Between a word and the value that it is about.
    private static readonly string[] FillingWords = "is was no nr num number id the of a its and for code value".Split(' ');

    private const int FilterBits = 16 * 1024;

    private const string VersionWords = "version ver release assembly package culture v";

    private const string OwningWords = "my his her their your our whose";

    // Where a service says where it listens: nobody's address.
    private const string ServerWords = "host hosts server endpoint listening listen bind bound on at port urls url localhost";

    private static readonly FrozenDictionary<string, Context> Words = Build();

    private static readonly FrozenDictionary<string, Context>.AlternateLookup<ReadOnlySpan<char>> Lookup =
        Words.GetAlternateLookup<ReadOnlySpan<char>>();

    // A bit for the first letter, the last letter and the length of each word, so that most other words are never looked up.
    private static readonly ulong[] Filter = BuildFilter();

    /// <summary>What a word says.</summary>
    public static Context Of(ReadOnlySpan<char> word)
    {
        var place = Place(word);
        return (Filter[place >> 6] >> place & 1) != 0 && Lookup.TryGetValue(word, out var context) ? context : default;
    }

    /// <summary>The bit of a type.</summary>
    public static UInt128 Bit(PiiType type) => UInt128.One << (int)type;

    private static int Place(ReadOnlySpan<char> word) => ((((word[0] & 31) * 37) + (word[^1] & 31)) * 41 + word.Length) & (FilterBits - 1);

    private static ulong[] BuildFilter()
    {
        var filter = new ulong[FilterBits / 64];
        foreach (var word in Words.Keys)
        {
            var place = Place(word);
            filter[place >> 6] |= 1UL << (place & 63);
        }

        return filter;
    }

    private static FrozenDictionary<string, Context> Build()
    {
        var words = new Dictionary<string, Context>(StringComparer.OrdinalIgnoreCase);
        foreach (var (list, types) in Lists)
        {
            var bits = types.Aggregate(UInt128.Zero, (all, type) => all | Bit(type));
            foreach (var word in list.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                words[word] = words.GetValueOrDefault(word) with { Types = words.GetValueOrDefault(word).Types | bits };
            }
        }

        foreach (var word in DenyingWords)
        {
            words[word] = words.GetValueOrDefault(word) with { Denies = true };
        }

        foreach (var word in FillingWords)
        {
            words[word] = words.GetValueOrDefault(word) with { Fills = true };
        }

        foreach (var word in VersionWords.Split(' '))
        {
            words[word] = words.GetValueOrDefault(word) with { IsVersion = true };
        }

        foreach (var word in ServerWords.Split(' '))
        {
            words[word] = words.GetValueOrDefault(word) with { IsServer = true };
        }

        words["number"] = words["number"] with { IsNumber = true };
        foreach (var word in OwningWords.Split(' '))
        {
            words[word] = words.GetValueOrDefault(word) with { IsOwned = true, Fills = true };
        }

        words["one"] = new() { IsNumber = true, Fills = true };
        return words.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>What the words around a value say.</summary>
    internal record struct Context
    {
        /// <summary>Gets the types spoken of, a bit each.</summary>
        public UInt128 Types { get; set; }

        /// <summary>Gets whether the nearest telling word names something else.</summary>
        public bool Denies { get; set; }

        /// <summary>Gets whether the word says nothing by itself.</summary>
        public bool Fills { get; set; }

        /// <summary>Gets whether the nearest telling word speaks of a version.</summary>
        public bool IsVersion { get; set; }

        /// <summary>Gets whether the nearest telling word speaks of where a service listens.</summary>
        public bool IsServer { get; set; }

        /// <summary>Gets whether a number is spoken of, without its kind.</summary>
        public bool IsNumber { get; set; }

        /// <summary>Gets whether somebody's is spoken of.</summary>
        public bool IsOwned { get; set; }

        /// <summary>Gets whether the words are such as "my number is": people say it of telephones.</summary>
        public readonly bool IsSomeonesNumber => IsNumber && IsOwned && Types == 0 && !Denies;
    }
}
