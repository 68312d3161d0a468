using Platform.Redaction.Phones;
using Platform.Redaction.Recognizers;
using static Platform.Redaction.Detection.Sureness;

namespace Platform.Redaction.Detection;

// Groups of digits with one separator: the lengths of the groups say what they can be.
internal ref partial struct TextScan
{
    private const int MostGroups = 8;
    private const int MostDigits = 20;

    // Where to go on, or -1 where no group but the first was used and it is to be looked at by itself.
    private int Groups(int start, int end, char separator)
    {
        Span<int> ends = stackalloc int[MostGroups];
        ends[0] = end;
        var count = 1;
        while (count < MostGroups && At(ends[count - 1]) == separator && CharClass.IsDigit(At(ends[count - 1] + 1)))
        {
            var groupEnd = ends[count - 1] + 2;
            while (CharClass.IsDigit(At(groupEnd)))
            {
                groupEnd++;
            }

            ends[count++] = groupEnd;
        }

        if (start == 0 || IsLeftEdge(start) || IsGermanVat(start))
        {
            var isPhone = separator is not ':' && ends[count - 1] - start >= FewestDigits && (_keepsWeak || IsPhoneSpokenOf(start, ends[count - 1]));

            // Spaces also stand between numbers that have nothing to do with each other, so every length of chain may be one.
            var least = separator == ' ' ? 2 : count;
            for (var groups = count; groups >= least; groups--)
            {
                if (IsRightEdge(ends[groups - 1]) && At(ends[groups - 1]) != separator | separator == ' '
                    && Grouped(start, ends[..groups], separator, isPhone))
                {
                    return ends[groups - 1];
                }
            }
        }

        if (separator == ' ')
        {
            return -1;
        }

        // "131052-308T" and the like go on with a letter.
        if (separator == '-' && ends[0] - start == 6 && IsLeftEdge(start) && FinnishCode(start))
        {
            return start + 11;
        }

        return ends[count - 1];
    }

    // Whether the groups were taken for something, so that they begin nothing else.
    private bool Grouped(int start, scoped ReadOnlySpan<int> ends, char separator, bool isPhone)
    {
        Span<byte> d = stackalloc byte[MostDigits];
        var end = ends[^1];
        var key = 0u;
        var from = start;
        var total = 0;
        foreach (var groupEnd in ends)
        {
            var length = groupEnd - from;
            total += length;
            if (length > 15)
            {
                return false;
            }

            key = (key << 4) | (uint)length;
            from = groupEnd + 1;
        }

        if (total > MostDigits - 1)
        {
            return false;
        }

        ReadDigits(start, end, d, out var count);
        var before = Matches.Count;
        ByGroups(key, start, end, d[..count], separator);
        if (isPhone && Matches.Count == before && count is >= FewestDigits and <= 15)
        {
            Add(PiiType.Phone, start, end, NumberingPlan.IsNational(d[..count]) ? Weak - 0.05 : NumberingPlan.IsInternational(d[..count]) ? Faint + 0.12 : None);
        }

        return Matches.Count > before;
    }

    private void ByGroups(uint key, int start, int end, scoped ReadOnlySpan<byte> d, char separator)
    {
        var isDash = separator == '-';
        var isPlain = separator is ' ' or '-';
        switch (key)
        {
            case 0x324 when separator is not ('/' or ':'):
                Add(PiiType.UsSsn, start, end, UnitedStates.Ssn(d, isDash ? Strong - 0.05 : Possible));
                Add(PiiType.UsItin, start, end, UnitedStates.Itin(d, isDash ? Strong - 0.05 : Possible));
                break;
            case 0x333 when isPlain:
                ThreeThrees(start, end, d, isDash);
                break;
            case 0x3333 or 0x3335 when isDash:
                Add(PiiType.PhTin, start, end, Possible);
                break;
            case 0x334 when isPlain:
                Add(PiiType.UkNhs, start, end, UnitedKingdom.Nhs(d, isDash ? Weak : Possible + 0.05));
                AmericanPhone(start, end, d, separator);
                break;
            case 0x1334 when isPlain || separator == '.':
            case 0x334 when separator == '.':
                AmericanPhone(start, end, d, separator);
                break;
            case 0x4444 when isPlain || separator == '.':
            case 0x465 or 0x464 or 0x4443 or 0x44443 or 0x4432 when isPlain:
                Add(PiiType.CreditCard, start, end, Elsewhere.Card(d, isGrouped: true));
                break;
            case 0x444 when separator is ' ' or '-' or ':':
                Add(PiiType.InAadhaar, start, end, India.Aadhaar(d, separator == ':' ? Weak : Possible));
                break;
            case 0x2333 when isPlain:
                Add(PiiType.AuAbn, start, end, Australia.Abn(d, Likely + 0.05));
                Add(PiiType.DeTaxId, start, end, Germany.TaxId(d, Weak));
                break;
            case 0x451 when isPlain:
                Add(PiiType.AuMedicare, start, end, Australia.Medicare(d, Possible + 0.05));
                break;
            case 0x67 when isDash:
                Add(PiiType.KrRrn, start, end, Asia.KoreanResident(d, Possible));
                Add(PiiType.KrFrn, start, end, Asia.KoreanForeigner(d, Possible));
                break;
            case 0x64 when isDash:
            case 0x84 when isDash:
                if (key == 0x64)
                {
                    FinnishCode(start);
                }

                Add(PiiType.SePersonnummer, start, end, NorthernEurope.Personnummer(d, Possible + 0.05));
                Add(PiiType.SeOrganisationsnummer, start, end, key == 0x64 ? NorthernEurope.Organisationsnummer(d, Possible) : None);
                break;
            case 0x325 when isDash:
                Add(PiiType.KrBrn, start, end, Asia.KoreanBusiness(d, Possible));
                break;
            case 0x2262 when isDash:
                Add(PiiType.KrDriverLicense, start, end, Asia.KoreanLicense(d, Possible));
                break;
            case 0x441 when isDash:
                Add(PiiType.AbaRouting, start, end, UnitedStates.AbaRouting(d, Possible));
                break;
            case 0x335 or 0x234 or 0x235 or 0x244 or 0x344 when separator == '/':
                Add(PiiType.DeTaxNumber, start, end, Checksum.IsRepeated(d) ? None : Weak - 0.05);
                break;
            case 0x14521 when isPlain:
                Add(PiiType.ThTnin, start, end, Asia.ThaiId(d, Likely));
                break;
            case 0x222 when isPlain:
                SpacedNino(start, end, separator);
                break;
        }
    }

    private void ThreeThrees(int start, int end, scoped ReadOnlySpan<byte> d, bool isDash)
    {
        if (IsGermanVat(start))
        {
            Add(PiiType.DeVatId, start - 3, end, Germany.VatId(d));
            return;
        }

        Add(PiiType.CaSin, start, end, Elsewhere.CanadianSin(d, Weak));
        if (isDash)
        {
            Add(PiiType.PhTin, start, end, Faint);
            return;
        }

        Add(PiiType.AuAcn, start, end, Australia.Acn(d, Weak));
        Add(PiiType.AuTfn, start, end, Australia.Tfn(d, Weak));
    }

    private readonly bool IsGermanVat(int start) =>
        start >= 3 && _text[start - 1] is ' ' or '-' && (_text[start - 2] | 0x20) == 'e' && (_text[start - 3] | 0x20) == 'd' && IsLeftEdge(start - 3);

    // AA 12 34 56 B
    private void SpacedNino(int start, int end, char separator)
    {
        if (start < 3 || _text[start - 1] != separator || At(end) != separator || !IsRightEdge(end + 2) || !IsLeftEdge(start - 3))
        {
            return;
        }

        var (first, second, last) = (char.ToUpperInvariant(_text[start - 3]), char.ToUpperInvariant(_text[start - 2]), char.ToUpperInvariant(At(end + 1)));
        if (UnitedKingdom.IsNino(first, second, last))
        {
            Add(PiiType.UkNino, start - 3, end + 2, Strong - 0.05);
        }
    }

    // AA 123456 B
    private void BlockNino(int start, int end)
    {
        if (start >= 3 && _text[start - 1] == ' ' && IsLeftEdge(start - 3) && IsRightEdge(end + 2)
            && UnitedKingdom.IsNino(char.ToUpperInvariant(_text[start - 3]), char.ToUpperInvariant(_text[start - 2]), char.ToUpperInvariant(_text[end + 1])))
        {
            Add(PiiType.UkNino, start - 3, end + 2, Likely - (HasLower(start - 3, end + 2) ? LowerCaseLoss : 0));
        }
    }

    // X-2482300-W
    private void DoubleDashedNie(int start, int end)
    {
        if (!IsLeftEdge(start - 2) || !IsRightEdge(end + 2))
        {
            return;
        }

        Span<char> word = stackalloc char[8];
        word[0] = char.ToUpperInvariant(_text[start - 2]);
        _text[start..end].CopyTo(word[1..]);
        if (SouthernEurope.IsNie(word, char.ToUpperInvariant(_text[end + 1])))
        {
            Add(PiiType.EsNie, start - 2, end + 2, Likely + 0.1);
        }
    }

    // 131052-308T: the sign of the century is the separator.
    private bool FinnishCode(int start)
    {
        if (start + 11 > _text.Length || !IsRightEdge(start + 11))
        {
            return false;
        }

        Span<char> word = stackalloc char[11];
        _text.Slice(start, 11).ToUpperInvariant(word);
        var sureness = NorthernEurope.FinnishCode(word);
        Add(PiiType.FiPersonalIdentityCode, start, start + 11, sureness);
        return sureness > None;
    }

    // 900118+9811: a Swede of a hundred years or more.
    private bool CentenarianNumber(int start, int end)
    {
        if (At(end) != '+' || end + 5 > _text.Length || _text.Slice(end + 1, 4).ContainsAnyExcept(CharSets.Digits) || !IsRightEdge(end + 5))
        {
            return false;
        }

        Span<byte> d = stackalloc byte[12];
        ReadDigits(start, end + 5, d, out var count);
        var sureness = NorthernEurope.Personnummer(d[..count], Possible + 0.05);
        Add(PiiType.SePersonnummer, start, end + 5, sureness);
        return sureness > None;
    }

    // 12345678-Z
    private void Nif(int start, int end)
    {
        if (CharClass.IsLetter(At(end + 1)) && IsRightEdge(end + 2)
            && SouthernEurope.IsNif(_text[start..end], char.ToUpperInvariant(_text[end + 1])))
        {
            Add(PiiType.EsNif, start, end + 2, Possible);
        }
    }
}
