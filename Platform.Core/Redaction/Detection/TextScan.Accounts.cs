using Platform.Redaction.Recognizers;
using static Platform.Redaction.Detection.Sureness;

namespace Platform.Redaction.Detection;

// Bank accounts and wallets: long words whose checksum leaves no doubt.
internal ref partial struct TextScan
{
    private const int EthereumLength = 42;

    // From the country on: where the account ends, or -1. Written in one, or in fours with spaces or dashes between.
    private int Iban(int start)
    {
        var isLower = char.IsAsciiLetterLower(_text[start]);
        var length = Bank.IbanLength(char.ToUpperInvariant(_text[start]), char.ToUpperInvariant(_text[start + 1]));
        if (length == 0)
        {
            return -1;
        }

        Span<char> iban = stackalloc char[Bank.LongestIban];
        var count = 0;
        var i = start;
        while (count < length)
        {
            var c = At(i);
            if (count > 0 && count % 4 == 0 && c is ' ' or '-')
            {
                c = At(++i);
            }

            // The registry has upper case; all in lower case is what a program made of it.
            if (!CharClass.IsAlphanumeric(c) || (CharClass.IsLetter(c) && char.IsAsciiLetterLower(c) != isLower))
            {
                return -1;
            }

            iban[count++] = char.ToUpperInvariant(c);
            i++;
        }

        if (!IsRightEdge(i) || !Bank.HasStructure(iban[..length]) || !Bank.IsIban(iban[..length]))
        {
            return -1;
        }

        Add(PiiType.Iban, start, i, Certain, isFirm: true);
        return i;
    }

    private void Wallet(int start, int end, byte classes)
    {
        var word = _text[start..end];
        if (!IsRightEdge(end))
        {
            return;
        }

        var isMixed = (classes & CharClass.Upper) != 0 && (classes & CharClass.Lower) != 0;
        var isWallet = word.Length is >= 26 and <= 35 && word[0] is '1' or '3' && isMixed ? Wallets.IsBase58Check(word)
            : word.Length is 42 or 62 && (word.StartsWith("bc1") || word.StartsWith("BC1")) ? Wallets.IsBech32(word)
            : word.Length == EthereumLength && word[0] == '0' && word[1] is 'x' && IsHexadecimal(word[2..]);
        if (isWallet)
        {
            Add(PiiType.Crypto, start, end, Certain, isFirm: true);
        }
    }

    private static bool IsHexadecimal(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!CharClass.IsHex(c))
            {
                return false;
            }
        }

        return true;
    }
}
