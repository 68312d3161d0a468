using Platform.Redaction.Recognizers;
using static Platform.Redaction.Detection.Sureness;

namespace Platform.Redaction.Detection;

// Words of letters and digits: the length and the places of the letters say what they can be.
internal ref partial struct TextScan
{
    private const int LongestCode = 16;
    private const int LongestWord = 64;

    private int Mixed(int start, int end, uint letters, byte classes)
    {
        var length = end - start;
        var next = At(end);
        var isHex = (classes & NotHex) == 0;
        if (isHex)
        {
            if (next == '-' && ((length == 8 && IsUuid(start)) || (length == 2 && IsMac(start, '-'))))
            {
                return start + (length == 8 ? 36 : 17);
            }

            if (next == ':' && length <= 4 && IsAddressStart(start) && HexAddress(start) is var address && address > 0)
            {
                return address;
            }

            if (length == 4 && next == '.' && IsDottedMac(start))
            {
                return start + 14;
            }

            if (length >= LongestCode)
            {
                // Hashes, trace ids; an account number has its country in front.
                return (letters & 0b1111) == 0b0011 && IsLeftEdge(start) && Iban(start) is var account && account > 0 ? account : end;
            }
        }

        if (At(start - 1) == '%' && _text[start] == '4' && _text[start + 1] == '0')
        {
            return AtSign(start - 1, 3);
        }

        if (length == 5 && letters == 0b11000 && At(start - 1) == '-')
        {
            NigerianPlate(start, end);
        }

        if (length == 8 && letters == 0b10000000 && At(start - 1) == '-' && DashedNie(start, end))
        {
            return end;
        }

        if ((length >= LongestCode || At(start - 1) is '_' or '-' || (length == 4 && next == '.')) && Token(start) is var token && token > 0)
        {
            return token;
        }

        if (length > LongestWord || !IsLeftEdge(start))
        {
            return end;
        }

        if ((letters & 0b1111) == 0b0011 && length <= Bank.LongestIban && Iban(start) is var iban && iban > 0)
        {
            return iban;
        }

        if (length > LongestCode)
        {
            Wallet(start, end, classes);
            return end;
        }

        if (length >= 2)
        {
            Code(start, end, letters, classes);
        }

        return end;
    }

    private void Code(int start, int end, uint letters, byte classes)
    {
        Span<char> word = stackalloc char[LongestCode];
        _text[start..end].ToUpperInvariant(word);
        word = word[..(end - start)];
        var loss = (classes & CharClass.Lower) != 0 ? LowerCaseLoss : 0;
        if (word.Length == 4 && letters is 0b0010 or 0b0110 && At(end) == '-')
        {
            DashedMbi(start, end);
        }

        if (word.Length <= 4 && (loss == 0 || _keepsWeak))
        {
            SpacedBritishPlate(start, end, letters);
            if (letters == 0b110 && word.Length == 3)
            {
                SpacedPostcode(start, end, word);
            }
            else if (word[^1] is 'H' or 'E' && letters == 1u << (word.Length - 1) && At(start - 1) is ' ' or '-' && CharClass.IsLetter(At(start - 2)))
            {
                GermanPlate(WordStart(start - 1, 3), end);
            }
        }

        if (!IsRightEdge(end))
        {
            if (!(word.Length == 5 && letters == 0b11 && loss > 0 && GluedPhone(start + 2)))
            {
                BeforeDash(start, end, letters, word);
            }

            return;
        }

        var before = Matches.Count;
        ByShape(start, end, letters, word, loss);
        if (word.Length is >= 4 and <= 12 && (loss == 0 || _keepsWeak) && MayBeByCountry(word, letters) && (_keepsWeak || ContextAt(start, end).Types != 0 || _seen != 0))
        {
            ByCountry(start, end, letters, word, loss);
        }

        if (Matches.Count == before && loss > 0)
        {
            Glued(start, end, letters);
        }
    }

    // Letters and digits change places four times at most in those; German documents have them anywhere, and a check digit.
    private static bool MayBeByCountry(ReadOnlySpan<char> word, uint letters) =>
        System.Numerics.BitOperations.PopCount(letters ^ (letters << 1)) <= 5 || word.Length is 9 or 10 && Germany.Document(word) > None;

    // Codes that are told by their own form or checksum.
    private void ByShape(int start, int end, uint letters, scoped ReadOnlySpan<char> word, double loss)
    {
        switch (word.Length, letters)
        {
            case (7, 0b1000000) when At(start - 1) == ' ' && CharClass.IsLetter(At(start - 2)):
                SplitNino(start, end, word);
                break;
            case (9, 0b100000001):
                Add(PiiType.EsNie, start, end, SouthernEurope.IsNie(word[..8], word[8]) ? Likely + 0.1 - loss : None);
                Add(PiiType.SgFin, start, end, Asia.Nric(word) - loss);
                break;
            case (8 or 9, _) when letters == 1u << (word.Length - 1):
                Add(PiiType.EsNif, start, end, SouthernEurope.IsNif(word[..^1], word[^1]) ? Possible - (word.Length == 8 ? 0.15 : 0) - loss : None);
                Add(PiiType.SgUen, start, end, word.Length == 9 ? Asia.Business(word) - loss : None);
                break;
            case (9, 0b100000011):
                Add(PiiType.UkNino, start, end, UnitedKingdom.IsNino(word[0], word[1], word[8]) ? Likely - loss : None);
                break;
            case (10, 0b1000011111):
                Add(PiiType.InPan, start, end, India.Pan(word) - loss);
                break;
            case (10, 0b1000011001):
                Add(PiiType.SgUen, start, end, Asia.OtherEntity(word) - loss);
                break;
            case (11, 0b10001000000 or 0b00001000000):
                Add(PiiType.FiPersonalIdentityCode, start, end, NorthernEurope.FinnishCode(word) - loss);
                break;
            case (11, 0b11) when word[..2] is "DE":
                Span<byte> digits = stackalloc byte[9];
                ReadDigits(start + 2, end, digits, out _);
                Add(PiiType.DeVatId, start, end, Germany.VatId(digits) - loss);
                break;
            case (11, _) when UnitedStates.IsMbi(word):
                Add(PiiType.UsMbi, start, end, Possible - loss);
                break;
            case (12, 0b100000000):
                Add(PiiType.DeSocialSecurity, start, end, Germany.SocialSecurity(word) - loss);
                break;
            case (15, _):
                Add(PiiType.InGstin, start, end, India.Gstin(word) - loss);
                break;
            case (16, _) when (letters & 0b111111) == 0b111111 && SouthernEurope.FiscalCode(word) is var code && code > None:
                Add(PiiType.ItFiscalCode, start, end, code - loss);
                break;
            case (16, _) when (letters & 0b100000) == 0 && (letters & 1) == 1:
                Add(PiiType.UkDrivingLicence, start, end, UnitedKingdom.DrivingLicence(word) - loss);
                break;
            case ( > 3 and < 10, _) when (letters & 0b1111) == 0b111 && letters == 0b111 && IsRegister(word[..3]):
                Add(PiiType.DeHandelsregister, start, end, Possible - loss);
                break;
            case (10, _) when word[0] == 'U' && word[1] == '1':
                Add(PiiType.ItDriverLicense, start, end, SouthernEurope.DriverLicense(word) - loss);
                break;
        }
    }

    // Forms that many codes have: only a word around, or nothing at all around, makes them one of these.
    private void ByCountry(int start, int end, uint letters, scoped ReadOnlySpan<char> word, double loss)
    {
        // In a value by itself the case says little.
        loss = loss > 0 ? 0.05 : 0;
        switch (word.Length, letters)
        {
            case (8, 0b1):
                Add(PiiType.InPassport, start, end, India.IsPassport(word) ? Faint - loss : None);
                break;
            case (9, 0b1):
                Add(PiiType.MedicalLicense, start, end, word[1] == '9' ? UnitedStates.MedicalLicense(word) - loss : None);
                Add(PiiType.KrPassport, start, end, Asia.IsKoreanPassport(word) ? Faint - loss : None);
                Add(PiiType.UsPassport, start, end, Faint - loss);
                break;
            case (9, 0b10001):
                Add(PiiType.KrPassport, start, end, Asia.IsKoreanPassport(word) ? Weak - loss : None);
                break;
            case (9, 0b11):
                Add(PiiType.MedicalLicense, start, end, UnitedStates.MedicalLicense(word) - loss);
                Add(PiiType.ItPassport, start, end, Faint - loss);
                Add(PiiType.ItIdentityCard, start, end, Faint - loss);
                Add(PiiType.UkPassport, start, end, Faint - loss);
                break;
            case (9, 0b111):
                Add(PiiType.EsPassport, start, end, Faint - loss);
                break;
            case (9, 0b110000011 or 0b110000000):
                Add(PiiType.ItIdentityCard, start, end, Faint - loss);
                break;
            case (10, 0b1):
                Add(PiiType.DeHealthInsurance, start, end, Germany.HealthInsurance(word) - loss);
                break;
            case (10, 0b111):
                Add(PiiType.InVoter, start, end, Faint - loss);
                break;
            case (10, 0b1000000000):
                Add(PiiType.SgUen, start, end, Asia.Company(word) - loss);
                break;
            case (10, 0b1000000011):
                Add(PiiType.ItDriverLicense, start, end, SouthernEurope.DriverLicense(word) - loss);
                break;
            case (11, 0b11 or 0b10000000011):
                Add(PiiType.DeFuehrerschein, start, end, Faint - loss);
                break;
        }

        GermanDocument(start, end, word, loss);
        Plates(start, end, letters, word, loss);
        if (UnitedStates.IsDriverLicense(word.Length, letters))
        {
            Add(PiiType.UsDriverLicense, start, end, Trace - loss);
        }
    }

    private void GermanDocument(int start, int end, scoped ReadOnlySpan<char> word, double loss)
    {
        if (word.Length is not (9 or 10))
        {
            return;
        }

        var sureness = Germany.Document(word) - loss;
        var isChecked = sureness > Trace;
        if (!isChecked && !HasContext(PiiType.DeIdCard, start, end) && !HasContext(PiiType.DePassport, start, end))
        {
            return;
        }

        Add(PiiType.DeIdCard, start, end, sureness);
        Add(PiiType.DePassport, start, end, Germany.IsPassport(word[0]) ? sureness : sureness / 2);
    }

    private void Plates(int start, int end, uint letters, scoped ReadOnlySpan<char> word, double loss)
    {
        if (word.Length is >= 5 and <= 7 && (letters & 0b110u << (word.Length - 3)) == 0b110u << (word.Length - 3)
            && UnitedKingdom.IsPostcode(word[..^3], word[^3..]))
        {
            Add(PiiType.UkPostcode, start, end, Faint - loss);
        }

        if (word.Length is >= 5 and <= 7 && UnitedKingdom.IsVehicleRegistration(word))
        {
            Add(PiiType.UkVehicleRegistration, start, end, Faint - loss);
        }

        if (word.Length is >= 5 and <= 11 && India.IsVehicleRegistration(word))
        {
            Add(PiiType.InVehicleRegistration, start, end, Faint - loss);
        }

        if (word.Length == 8 && letters == 0b11000111)
        {
            Add(PiiType.NgVehicleRegistration, start, end, Faint - loss);
        }

        if (letters is 0b100 or 0b1100 or 0b11100 && word.Length is >= 5 and <= 9)
        {
            TurkishPlate(start, word);
        }
    }

    private void TurkishPlate(int start, scoped ReadOnlySpan<char> word)
    {
        if (((word[0] - '0') * 10) + word[1] - '0' is >= 1 and <= 81)
        {
            Add(PiiType.TrLicensePlate, start, start + word.Length, Faint);
        }
    }

    // Y8063915-Z, and the first of the words that a plate or beneficiary number has.
    private void BeforeDash(int start, int end, uint letters, scoped ReadOnlySpan<char> word)
    {
        if (letters == 1 && word.Length == 8 && At(end) == '-' && CharClass.IsLetter(At(end + 1)) && IsRightEdge(end + 2)
            && SouthernEurope.IsNie(word, char.ToUpperInvariant(_text[end + 1])))
        {
            Add(PiiType.EsNie, start, end + 2, Likely + 0.1);
        }
    }

    // X-2482300W
    private bool DashedNie(int start, int end)
    {
        if (start < 2 || !IsLeftEdge(start - 2) || !IsRightEdge(end))
        {
            return false;
        }

        Span<char> word = stackalloc char[9];
        word[0] = char.ToUpperInvariant(_text[start - 2]);
        _text[start..end].ToUpperInvariant(word[1..]);
        if (!SouthernEurope.IsNie(word[..8], word[8]))
        {
            return false;
        }

        Add(PiiType.EsNie, start - 2, end, Likely + 0.1);
        return true;
    }

    // 1EG4-TE5-MK73
    private void DashedMbi(int start, int end)
    {
        if (start + 13 > _text.Length || _text[end + 4] != '-' || !IsRightEdge(start + 13))
        {
            return;
        }

        Span<char> word = stackalloc char[11];
        _text.Slice(start, 4).ToUpperInvariant(word);
        _text.Slice(start + 5, 3).ToUpperInvariant(word[4..]);
        _text.Slice(start + 9, 4).ToUpperInvariant(word[7..]);
        if (!word.ContainsAnyExcept(CharSets.UpperAlphanumeric) && UnitedStates.IsMbi(word))
        {
            Add(PiiType.UsMbi, start, start + 13, HasLower(start, start + 13) ? Possible : Strong - 0.05);
        }
    }

    // "PR 123612C"
    private void SplitNino(int start, int end, scoped ReadOnlySpan<char> word)
    {
        var prefix = WordStart(start - 1, 3);
        if (start - 1 - prefix == 2 && IsLeftEdge(prefix)
            && UnitedKingdom.IsNino(char.ToUpperInvariant(_text[prefix]), char.ToUpperInvariant(_text[prefix + 1]), word[^1]))
        {
            Add(PiiType.UkNino, prefix, end, Likely - (HasLower(prefix, end) ? LowerCaseLoss : 0));
        }
    }

    // A word grown onto a value: "code is030594W903B". Only where the words around speak of the type.
    private void Glued(int start, int end, uint letters)
    {
        var lead = System.Numerics.BitOperations.TrailingZeroCount(~letters);
        if (lead is < 2 or > 4 || _text[start..(start + lead)].ContainsAnyExcept(CharSets.Lower) || ContextAt(start + lead, end).Types == 0)
        {
            return;
        }

        var from = start + lead;
        Span<char> word = stackalloc char[LongestCode];
        _text[from..end].ToUpperInvariant(word);
        word = word[..(end - from)];
        Span<byte> d = stackalloc byte[LongestCode];
        if (word.Length == 11 && letters >> lead is 0b10001000000 or 0b00001000000)
        {
            Add(PiiType.FiPersonalIdentityCode, from, end, NorthernEurope.FinnishCode(word));
        }
        else if (letters >> lead == 0)
        {
            ReadDigits(from, end, d, out var count);
            ByLength(from, end, d[..count]);
        }
    }
}
