using Platform.Redaction.Recognizers;
using static Platform.Redaction.Detection.Sureness;

namespace Platform.Redaction.Detection;

// Values of several short words: number plates, postcodes, register entries.
internal ref partial struct TextScan
{
    // One to four digits: what stands before and behind them tells.
    private int ShortNumber(int start, int end)
    {
        if (At(end) == ' ' && At(end + 1) == '(' && LooseParenthesis(start, end) is var phone && phone > 0)
        {
            return phone;
        }

        if (At(end) == ' ' && end - start == 2 && CharClass.IsLetter(At(end + 1)))
        {
            TurkishPlate(start, end);
            IndianPlate(start, end);
        }

        Surrounded(start, end);
        return end;
    }

    // ABJ-001AA
    private void NigerianPlate(int start, int end)
    {
        var first = WordStart(start - 1, 4);
        if (start - 1 - first == 3 && IsLeftEdge(first) && IsRightEdge(end) && (_keepsWeak || HasContext(PiiType.NgVehicleRegistration, first, end)))
        {
            Add(PiiType.NgVehicleRegistration, first, end, Faint);
        }
    }

    // Letters, then this number: HRB 12345, B-AB-1234.
    private void Surrounded(int start, int end)
    {
        if (At(start - 1) is not (' ' or '-') || !CharClass.IsLetter(At(start - 2)) || !IsRightEdge(end))
        {
            return;
        }

        var wordEnd = start - 1;
        var wordStart = WordStart(wordEnd, 4);
        var word = _text[wordStart..wordEnd];
        if (word.Length == 3 && end - start <= 6 && _text[start - 1] == ' ' && IsRegister(word))
        {
            Add(PiiType.DeHandelsregister, wordStart, end, Possible + 0.05);
        }
        else if (word.Length is 1 or 2 && end - start <= 4)
        {
            GermanPlate(wordStart, end);
        }
    }

    // District, letters and number, with a space or dash between (FZV, annex 1); H and E behind for historic and electric cars.
    private void GermanPlate(int lettersStart, int end)
    {
        var separator = At(lettersStart - 1);
        if (separator is not (' ' or '-') || !CharClass.IsLetter(At(lettersStart - 2)))
        {
            return;
        }

        var districtStart = WordStart(lettersStart - 1, 4);
        if (lettersStart - 1 - districtStart <= 3 && IsLeftEdge(districtStart) && (_keepsWeak || HasContext(PiiType.DeKfz, districtStart, end)))
        {
            Add(PiiType.DeKfz, districtStart, end, Faint);
        }
    }

    // Province 01 to 81, one to three letters, two to five digits (Karayolları Trafik Yönetmeliği).
    private void TurkishPlate(int start, int provinceEnd)
    {
        var province = ((_text[start] - '0') * 10) + _text[start + 1] - '0';
        var letters = provinceEnd + 1;
        var lettersEnd = letters;
        while (CharClass.IsLetter(At(lettersEnd)) && lettersEnd - letters < 4)
        {
            lettersEnd++;
        }

        var digits = lettersEnd + (At(lettersEnd) == ' ' ? 1 : 0);
        var end = digits;
        while (CharClass.IsDigit(At(end)) && end - digits < 6)
        {
            end++;
        }

        if (province is >= 1 and <= 81 && lettersEnd - letters <= 3 && end - digits is >= 2 and <= 5 && IsLeftEdge(start) && IsRightEdge(end)
            && (_keepsWeak || HasContext(PiiType.TrLicensePlate, start, end)))
        {
            Add(PiiType.TrLicensePlate, start, end, Faint);
        }
    }

    // MH 12 AB 1234, from the district on.
    private void IndianPlate(int start, int districtEnd)
    {
        var separator = At(start - 1);
        if (separator != At(districtEnd) || start < 3 || !IsLeftEdge(start - 3))
        {
            return;
        }

        var series = districtEnd + 1;
        var seriesEnd = series;
        while (CharClass.IsLetter(At(seriesEnd)) && seriesEnd - series < 3)
        {
            seriesEnd++;
        }

        var end = seriesEnd + 5;
        if (At(seriesEnd) != separator || end > _text.Length || !IsRightEdge(end) || !(_keepsWeak || HasContext(PiiType.InVehicleRegistration, start - 3, end)))
        {
            return;
        }

        Span<char> word = stackalloc char[11];
        _text[(start - 3)..(start - 1)].ToUpperInvariant(word);
        _text[start..districtEnd].CopyTo(word[2..]);
        _text[series..seriesEnd].ToUpperInvariant(word[4..]);
        _text[(seriesEnd + 1)..end].CopyTo(word[(4 + seriesEnd - series)..]);
        if (India.IsVehicleRegistration(word[..(8 + seriesEnd - series)]))
        {
            Add(PiiType.InVehicleRegistration, start - 3, end, Faint);
        }
    }

    // "SW1A 1AA" from its second word on.
    private void SpacedPostcode(int start, int end, scoped ReadOnlySpan<char> inward)
    {
        if (At(start - 1) != ' ' || !CharClass.IsAlphanumeric(At(start - 2)))
        {
            return;
        }

        var wordStart = start - 1;
        while (wordStart > 0 && start - 1 - wordStart < 5 && CharClass.IsAlphanumeric(_text[wordStart - 1]))
        {
            wordStart--;
        }

        Span<char> outward = stackalloc char[start - 1 - wordStart];
        _text[wordStart..(start - 1)].ToUpperInvariant(outward);
        if (IsLeftEdge(wordStart) && UnitedKingdom.IsPostcode(outward, inward))
        {
            Add(PiiType.UkPostcode, wordStart, end, HasLower(wordStart, end) ? Possible - LowerCaseLoss : Possible);
        }
    }

    // "AB51 ABC", "M456 DEF" from the first word on, "ABC 123D" from the second.
    private void SpacedBritishPlate(int start, int end, uint letters)
    {
        if (At(end) is ' ' or '-' && CharClass.IsLetter(At(end + 1)) && CharClass.IsLetter(At(end + 2)) && CharClass.IsLetter(At(end + 3)) && IsRightEdge(end + 4))
        {
            BritishPlate(start, end, end + 4);
        }
        else if (letters == 1u << (end - start - 1) && At(start - 1) is ' ' or '-' && WordStart(start - 1, 4) is var first && start - 1 - first == 3)
        {
            BritishPlate(first, start - 1, end);
        }
    }

    private void BritishPlate(int start, int gap, int end)
    {
        if (!_keepsWeak && !HasContext(PiiType.UkVehicleRegistration, start, end))
        {
            return;
        }

        Span<char> word = stackalloc char[end - start - 1];
        _text[start..gap].ToUpperInvariant(word);
        _text[(gap + 1)..end].ToUpperInvariant(word[(gap - start)..]);
        if (IsLeftEdge(start) && UnitedKingdom.IsVehicleRegistration(word))
        {
            Add(PiiType.UkVehicleRegistration, start, end, Faint);
        }
    }

    private bool HasContext(PiiType type, int start, int end) =>
        (ContextAt(start, end).Types & ContextWords.Bit(type)) != 0 || HasCompany(ContextWords.Bit(type), start);

    private readonly int WordStart(int end, int most)
    {
        var start = end;
        while (start > 0 && end - start < most && CharClass.IsLetter(_text[start - 1]))
        {
            start--;
        }

        return start;
    }

    private readonly bool HasLower(int start, int end) => _text[start..end].ContainsAny(CharSets.Lower);

    private static bool IsRegister(ReadOnlySpan<char> word) => word.Equals("HRA", StringComparison.OrdinalIgnoreCase) || word.Equals("HRB", StringComparison.OrdinalIgnoreCase);
}
