using Platform.Redaction.Phones;
using static Platform.Redaction.Detection.Sureness;

namespace Platform.Redaction.Detection;

// Telephone numbers (ITU-T E.164, written as in E.123).
internal ref partial struct TextScan
{
    private const int FewestDigits = 7;
    private const int MostCuts = 8;

    // Behind "+" or "(": where the number ends, or -1 where there is none.
    private int PrefixedPhone(int start)
    {
        var isPlus = _text[start - 1] == '+';
        if (!IsLeftEdge(start - 1) || (isPlus && _text[start] == '0'))
        {
            return -1;
        }

        Span<byte> d = stackalloc byte[16];
        Span<(int End, int Digits)> cuts = stackalloc (int, int)[MostCuts];
        var count = ReadNumber(start, !isPlus, isPlus, d, cuts);
        for (var i = count - 1; i >= 0; i--)
        {
            var (end, digits) = cuts[i];
            if (digits < FewestDigits || !IsRightEdge(end))
            {
                continue;
            }

            var number = d[..digits];
            var sureness = isPlus ? (NumberingPlan.IsInternational(number) ? Strong : None)
                : NumberingPlan.IsNorthAmerican(number) ? Likely + 0.1
                : i == 2 && digits == 10 && cuts[0].Digits == 3 && cuts[1].Digits == 6 ? Likely
                : NumberingPlan.IsNational(number) ? Weak : None;
            if (sureness > None)
            {
                Add(PiiType.Phone, start - 1, end, sureness, isFirm: isPlus);
                return end;
            }
        }

        return -1;
    }

    // Digits in groups, each end of a group a place where the number may end.
    private readonly int ReadNumber(int start, bool isOpen, bool dropsTrunk, scoped Span<byte> d, scoped Span<(int End, int Digits)> cuts)
    {
        var count = 0;
        var cut = 0;
        var i = start;
        while (cut < cuts.Length)
        {
            var from = count;
            while (CharClass.IsDigit(At(i)))
            {
                if (count == d.Length)
                {
                    return cut;
                }

                d[count++] = (byte)(_text[i++] - '0');
            }

            // The (0) of "+44 (0)20" is dialled within the country only.
            if (dropsTrunk && isOpen && count - from == 1 && d[from] == 0 && At(i) == ')')
            {
                count--;
            }

            cuts[cut++] = (i, count);
            var next = i;
            if (isOpen && At(next) == ')')
            {
                isOpen = false;
                next++;
            }

            next += At(next) is ' ' or '-' or '.' or '/' ? 1 : 0;
            if (!isOpen && At(next) == '(')
            {
                isOpen = true;
                next++;
            }

            if (next == i || !CharClass.IsDigit(At(next)))
            {
                break;
            }

            i = next;
        }

        return cut;
    }

    // 415-555-0132, 1-415-555-0132
    private void AmericanPhone(int start, int end, scoped ReadOnlySpan<byte> d, char separator)
    {
        var isAssigned = NumberingPlan.IsNorthAmerican(d);
        if (!isAssigned && d[^10] < 2)
        {
            return;
        }

        // Numbers of films and examples have areas and exchanges that are not assigned.
        var loss = isAssigned ? 0 : 0.15;
        Add(PiiType.Phone, start, end, separator switch { '-' => Likely - loss, '.' => Possible + 0.05 - loss, _ => Weak - loss });
    }

    // "is415-555-0132"
    private bool GluedPhone(int start)
    {
        Span<byte> d = stackalloc byte[16];
        Span<(int End, int Digits)> cuts = stackalloc (int, int)[MostCuts];
        var count = ReadNumber(start, isOpen: false, dropsTrunk: false, d, cuts);
        if (count != 3 || cuts[2].Digits != 10 || !IsRightEdge(cuts[2].End) || !NumberingPlan.IsNorthAmerican(d[..10]))
        {
            return false;
        }

        Add(PiiType.Phone, start, cuts[2].End, Weak);
        return true;
    }

    // 0 (917) 123 4567: where it ends, or -1.
    private int LooseParenthesis(int start, int end)
    {
        if (!IsLeftEdge(start) || !(_keepsWeak || IsPhoneSpokenOf(start, end)))
        {
            return -1;
        }

        Span<byte> d = stackalloc byte[16];
        Span<(int End, int Digits)> cuts = stackalloc (int, int)[MostCuts];
        var count = ReadNumber(start, isOpen: false, dropsTrunk: false, d, cuts);
        for (var i = count - 1; i >= 0; i--)
        {
            var (numberEnd, digits) = cuts[i];
            if (digits >= FewestDigits && IsRightEdge(numberEnd) && NumberingPlan.IsNational(d[..digits]))
            {
                Add(PiiType.Phone, start, numberEnd, Weak);
                return numberEnd;
            }
        }

        return -1;
    }
}
