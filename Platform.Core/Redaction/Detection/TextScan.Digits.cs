using Platform.Redaction.Phones;
using Platform.Redaction.Recognizers;
using static Platform.Redaction.Detection.Sureness;

namespace Platform.Redaction.Detection;

// Words of digits alone: what they are by their length, and where they begin something longer.
internal ref partial struct TextScan
{
    private int Digits(int start, int end)
    {
        var length = end - start;
        var next = At(end);

        // Most numbers of a log.
        if (length <= 4 && next is ',' or '}' or '"' or ']' or ')' or ';' && At(start - 1) is ':' or '=' or '"' or '[' or ',')
        {
            return end;
        }

        if (length == 4 && next == '-' && TimestampEnd(start) is var timestamp && timestamp > 0)
        {
            // A day by itself, or its midnight, may be a day of birth.
            return timestamp == start + 10 || _text[(start + 10)..].StartsWith("T00:00", StringComparison.Ordinal)
                ? Math.Max(BirthDate(start, length), timestamp)
                : timestamp;
        }

        if (length == 2 && next == ':' && TimeEnd(start) is var time && time > 0)
        {
            return time;
        }

        if (length is <= 2 or 4 or 8 && BirthDate(start, length) is var birth && birth > 0)
        {
            return birth;
        }

        if (next == ':' && length <= 4 && (CharClass.IsHex(At(end + 1)) || At(end + 1) == ':') && IsAddressStart(start)
            && HexAddress(start) is var address && address > 0)
        {
            return address;
        }

        if (next == ':' && length is >= 8 and <= 10 && IsLeftEdge(start) && TelegramToken(start, end))
        {
            return end + 36;
        }

        if (next == '.' && CharClass.IsDigit(At(end + 1)))
        {
            if (length <= 3 && DottedNumbers(start) is var dotted && dotted > 0)
            {
                return dotted;
            }

            if (length > 4)
            {
                return end;
            }
        }

        if (length == 4 && next == '.' && IsDottedMac(start))
        {
            return start + 14;
        }

        if (next == '-' && ((length == 8 && IsUuid(start)) || (length == 2 && IsMac(start, '-'))))
        {
            return start + (length == 8 ? 36 : 17);
        }

        if (At(start - 1) == '%' && length >= 2 && _text[start] == '4' && _text[start + 1] == '0')
        {
            return AtSign(start - 1, 3);
        }

        if (At(start - 1) is '-' or '_' && CharClass.IsLetter(At(start - 2)) && Token(start) is var token && token > 0)
        {
            return token;
        }

        if (At(start - 1) is '+' or '(')
        {
            var phoneEnd = PrefixedPhone(start);
            if (phoneEnd > 0)
            {
                return phoneEnd;
            }
        }

        if (next is ' ' or '-' or '.' or '/' or ':' && CharClass.IsDigit(At(end + 1)) && Groups(start, end, next) is var groups && groups > 0)
        {
            return groups;
        }

        if (length <= 4)
        {
            return ShortNumber(start, end);
        }

        if (length == 6 && next == ' ' && CharClass.IsLetter(At(end + 1)))
        {
            BlockNino(start, end);
        }

        if (length == 7 && next == '-' && At(start - 1) == '-' && CharClass.IsLetter(At(start - 2)) && CharClass.IsLetter(At(end + 1)))
        {
            DoubleDashedNie(start, end);
        }

        if (IsLeftEdge(start))
        {
            if (length is 6 or 8 && next is '-' or '+' && (FinnishCode(start) || CentenarianNumber(start, end)))
            {
                return end + 5;
            }

            if (IsRightEdge(end))
            {
                Bare(start, end);
                Surrounded(start, end);
            }
            else if (length is 7 or 8 && next == '-')
            {
                Nif(start, end);
            }
        }

        return end;
    }

    // One run of digits.
    private void Bare(int start, int end)
    {
        var length = end - start;
        if (length > 19)
        {
            return;
        }

        Span<byte> d = stackalloc byte[20];
        ReadDigits(start, end, d, out var count);
        d = d[..count];
        if (length >= 12)
        {
            Add(PiiType.CreditCard, start, end, Elsewhere.Card(d, isGrouped: false));
        }

        // From here on nothing is likely by itself: the words around decide, so without them there is no need to calculate.
        var types = ContextAt(start, end).Types;
        if (!_keepsWeak && types == 0 && !IsGermanVat(start) && _seen == 0 && !_context.IsSomeonesNumber)
        {
            return;
        }

        ByLength(start, end, d);
        BarePhone(start, end, d);
        if (length is >= 8 and <= 17 && (_keepsWeak || (types & ContextWords.Bit(PiiType.UsBank)) != 0))
        {
            Add(PiiType.UsBank, start, end, length is 10 or 13 or 16 && IsEpoch(start, start + 10) ? None : Trace);
        }

        if (length is >= 6 and <= 14 && (types & ContextWords.Bit(PiiType.UsDriverLicense)) != 0)
        {
            Add(PiiType.UsDriverLicense, start, end, Trace);
        }
    }

    private void ByLength(int start, int end, scoped ReadOnlySpan<byte> d)
    {
        switch (d.Length)
        {
            case 5:
                Add(PiiType.DePlz, start, end, (d[0] * 10) + d[1] is > 0 && !(d is [9, 9, 9, 9, 9]) ? Trace : None);
                break;
            case 9 when IsGermanVat(start):
                Add(PiiType.DeVatId, start - 3, end, Germany.VatId(d));
                break;
            case 9:
                NineDigits(start, end, d);
                break;
            case 10:
                TenDigits(start, end, d);
                break;
            case 11:
                Add(PiiType.AuAbn, start, end, Australia.Abn(d, Weak));
                Add(PiiType.DeTaxId, start, end, Germany.TaxId(d, Weak));
                Add(PiiType.ItVatCode, start, end, SouthernEurope.VatCode(d, Weak));
                Add(PiiType.NgNin, start, end, Elsewhere.NigerianNin(d, Faint));
                Add(PiiType.PlPesel, start, end, NorthernEurope.Pesel(d, Weak));
                Add(PiiType.TrNationalId, start, end, NorthernEurope.TurkishId(d, Weak));
                break;
            case 12:
                Add(PiiType.InAadhaar, start, end, India.Aadhaar(d, Weak));
                Add(PiiType.SePersonnummer, start, end, NorthernEurope.Personnummer(d, Weak));
                break;
            case 13:
                ThirteenDigits(start, end, d);
                break;
        }
    }

    private void NineDigits(int start, int end, scoped ReadOnlySpan<byte> d)
    {
        Add(PiiType.UsSsn, start, end, UnitedStates.Ssn(d, Trace));
        Add(PiiType.UsItin, start, end, UnitedStates.Itin(d, Faint));
        Add(PiiType.AbaRouting, start, end, UnitedStates.AbaRouting(d, Faint));
        Add(PiiType.AuAcn, start, end, Australia.Acn(d, Faint));
        Add(PiiType.AuTfn, start, end, Australia.Tfn(d, Faint));
        Add(PiiType.CaSin, start, end, Elsewhere.CanadianSin(d, Faint));
        Add(PiiType.DeLanr, start, end, Germany.Lanr(d, Faint));
        Add(PiiType.DeBsnr, start, end, Checksum.IsRepeated(d) ? None : Trace);
        Add(PiiType.UsPassport, start, end, Checksum.IsRepeated(d) ? None : Trace);
    }

    private void TenDigits(int start, int end, scoped ReadOnlySpan<byte> d)
    {
        Add(PiiType.AuMedicare, start, end, Australia.Medicare(d, Faint));
        Add(PiiType.KrBrn, start, end, Asia.KoreanBusiness(d, Faint));
        Add(PiiType.SeOrganisationsnummer, start, end, NorthernEurope.Organisationsnummer(d, Faint));
        Add(PiiType.SePersonnummer, start, end, NorthernEurope.Personnummer(d, Faint));
        Add(PiiType.UkNhs, start, end, UnitedKingdom.Nhs(d, Faint));
        Add(PiiType.UsNpi, start, end, UnitedStates.Npi(d, Faint));
    }

    private void ThirteenDigits(int start, int end, scoped ReadOnlySpan<byte> d)
    {
        Add(PiiType.DeTaxNumber, start, end, IsEpoch(start, end - 3) ? None : Germany.TaxNumber(d, Faint));
        Add(PiiType.KrFrn, start, end, Asia.KoreanForeigner(d, Faint));
        Add(PiiType.KrRrn, start, end, Asia.KoreanResident(d, Faint));
        Add(PiiType.ThTnin, start, end, Asia.ThaiId(d, Weak));
        Add(PiiType.ZaIdNumber, start, end, Elsewhere.SouthAfricanId(d, Weak));
    }

    // Seconds since 1970, from 2020 to 2033: what a number of ten or thirteen digits mostly is. No word around says otherwise.
    private readonly bool IsEpoch(int start, int secondsEnd) =>
        secondsEnd - start == 10 && _text[start] == '1' && _text[start + 1] is >= '6' and <= '9' && _context.Types == 0;

    private void BarePhone(int start, int end, scoped ReadOnlySpan<byte> d)
    {
        if (d.Length is >= 7 and <= 15 && (_keepsWeak || IsPhoneSpokenOf(start, end)) && !(d.Length is 10 or 13 && IsEpoch(start, start + 10)))
        {
            Add(PiiType.Phone, start, end, NumberingPlan.IsNational(d) ? Faint + (d[0] == 0 ? 0.12 : 0) : NumberingPlan.IsInternational(d) ? Trace : None);
        }
    }

    private bool IsPhoneSpokenOf(int start, int end) =>
        (ContextAt(start, end).Types & ContextWords.Bit(PiiType.Phone)) != 0 || HasCompany(ContextWords.Bit(PiiType.Phone), start)
        || _context.IsSomeonesNumber;

    // 2024-03-15, and the time if one follows (RFC 3339).
    private readonly int TimestampEnd(int start)
    {
        if (start + 10 > _text.Length || _text[start + 7] != '-' || !IsPair(start + 5, 12) || !IsPair(start + 8, 31) || CharClass.IsDigit(At(start + 10)))
        {
            return -1;
        }

        var end = start + 10;
        if (At(end) is 'T' or 't' or ' ' or '_' && IsPair(end + 1, 24) && TimeEnd(end + 1) is var time && time > 0)
        {
            end = time;
            if (At(end) is 'Z' or 'z')
            {
                end++;
            }
            else if (At(end) is '+' or '-' && IsPair(end + 1, 14))
            {
                end += At(end + 3) == ':' ? 6 : 3;
            }
        }

        return Math.Min(end, _text.Length);
    }

    // 14:30, 14:30:00, 14:30:00.123456 or 14:30:00,123; not the beginning of a MAC or IPv6 address.
    private readonly int TimeEnd(int start)
    {
        if (!IsPair(start, 24) || At(start + 2) != ':' || !IsPair(start + 3, 59))
        {
            return -1;
        }

        var end = start + 5;
        if (At(end) == ':')
        {
            if (!IsPair(end + 1, 60))
            {
                return -1;
            }

            end += 3;
            if (At(end) is '.' or ',' && CharClass.IsDigit(At(end + 1)))
            {
                end++;
                while (CharClass.IsDigit(At(end)))
                {
                    end++;
                }
            }
        }

        return At(end) == ':' || CharClass.IsHex(At(end)) ? -1 : end;
    }

    private readonly bool IsPair(int index, int most) =>
        CharClass.IsDigit(At(index)) && CharClass.IsDigit(At(index + 1)) && ((_text[index] - '0') * 10) + _text[index + 1] - '0' <= most;

    // 8-4-4-4-12 hexadecimal digits (RFC 9562, section 4).
    private readonly bool IsUuid(int start)
    {
        if (start + 36 > _text.Length)
        {
            return false;
        }

        var token = _text.Slice(start, 36);
        if (token[8] != '-' || token[13] != '-' || token[18] != '-' || token[23] != '-')
        {
            return false;
        }

        for (var i = 0; i < 36; i++)
        {
            if (!(CharClass.IsHex(token[i]) || i is 8 or 13 or 18 or 23))
            {
                return false;
            }
        }

        return true;
    }
}
