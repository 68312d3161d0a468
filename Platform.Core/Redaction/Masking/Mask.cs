using Platform.Redaction.Detection;

namespace Platform.Redaction.Masking;

/// <summary>How a value looks when it is masked. A mask never is a value of any type, and never holds the whole value.</summary>
internal static class Mask
{
    /// <summary>What takes the place of an erased value.</summary>
    public const string Erased = "[redacted]";

    private const string Hidden = "***";
    private const int ShownDigits = 4;

    // Shorter than any value of a type that shows its beginning, but for the least of IPv6.
    private const int LeastShown = 7;

    // A number shows its last four digits where as many again stay hidden.
    private const int LeastDigits = 7;

    // A code shows its last four characters where six stay hidden.
    private const int LeastCode = 10;

    /// <summary>Writes the mask of a value, also of one that is declared to be of a type and is not.</summary>
    public static void Write(PiiType type, ReadOnlySpan<char> value, PooledChars output)
    {
        if (value.Length < LeastShown && type is PiiType.Iban or PiiType.Ip or PiiType.Mac or PiiType.Crypto)
        {
            output.Append(Hidden);
            return;
        }

        switch (type)
        {
            case PiiType.Email:
                Email(value, output);
                break;
            case PiiType.Phone:
                Tail("***-***-", value, LeastDigits, output);
                break;
            case PiiType.CreditCard:
                Tail("****-****-****-", value, LeastDigits, output);
                break;
            case PiiType.UsSsn or PiiType.UsItin:
                Tail("***-**-", value, LeastDigits, output);
                break;
            case PiiType.Iban:
                output.Append(value[..2]);
                Tail("**-****-", value, LeastDigits, output);
                break;
            case PiiType.PersonName:
                Name(value, output);
                break;
            case PiiType.Ip:
                Ip(value, output);
                break;
            case PiiType.Mac:
                output.Append(value[..(value[2] is ':' or '-' ? 8 : 7)]);
                output.Append("-***");
                break;
            case PiiType.Crypto:
                output.Append(value[..4]);
                output.Append(Hidden);
                break;
            case PiiType.DateOfBirth:
                output.Append("****-**-**");
                break;
            default:
                if (PiiTypes.IsSecret(type))
                {
                    output.Append(Erased);
                }
                else
                {
                    Tail(Hidden, value, LeastCode, output);
                }

                break;
        }
    }

    // john.doe@example.com -> j***@e***.com
    private static void Email(ReadOnlySpan<char> value, PooledChars output)
    {
        var encoded = value.IndexOf("%40", StringComparison.Ordinal);
        var at = value.LastIndexOf('@');
        var end = at >= 0 ? at : encoded;
        if (end < 0 || value[end..].IndexOf('.') < 0)
        {
            // Declared as an address, but none.
            output.Append(Hidden);
            return;
        }

        var domain = value[(at >= 0 ? end + 1 : end + 3)..];
        Part(value[..end], output);
        output.Append('@');
        var dot = domain.LastIndexOf('.');
        Part(domain[..domain.IndexOf('.')], output);
        output.Append(domain[dot..]);
    }

    // A part of one letter shows none.
    private static void Part(ReadOnlySpan<char> part, PooledChars output)
    {
        if (part.Length > 1 && char.IsLetterOrDigit(part[0]))
        {
            output.Append(part[0]);
        }

        output.Append(Hidden);
    }

    private static void Name(ReadOnlySpan<char> value, PooledChars output)
    {
        var isFirst = true;
        foreach (var range in value.Split(' '))
        {
            if (value[range].IsEmpty)
            {
                continue;
            }

            if (!isFirst)
            {
                output.Append(' ');
            }

            Part(value[range], output);
            isFirst = false;
        }
    }

    // The network stays.
    private static void Ip(ReadOnlySpan<char> value, PooledChars output)
    {
        if (value.Contains(':'))
        {
            var first = value.IndexOf(':');
            if (first > 0 && value.Length > first + 2)
            {
                output.Append(value[..first]);
                output.Append(':');
            }

            output.Append(Hidden);
            return;
        }

        var dot = value.IndexOf('.');
        if (dot < 0 || value[(dot + 1)..].IndexOf('.') < 0)
        {
            output.Append(Hidden);
            return;
        }

        var second = dot + 1 + value[(dot + 1)..].IndexOf('.');
        output.Append(value[..second]);
        output.Append(".*.*");
    }

    private static void Tail(string prefix, ReadOnlySpan<char> value, int least, PooledChars output)
    {
        output.Append(prefix);
        Span<char> tail = stackalloc char[ShownDigits];
        var count = 0;
        var shown = 0;
        for (var i = value.Length - 1; i >= 0; i--)
        {
            if (CharClass.IsAlphanumeric(value[i]))
            {
                count++;
                if (shown < ShownDigits)
                {
                    tail[ShownDigits - ++shown] = value[i];
                }
            }
        }

        if (count >= least)
        {
            output.Append(tail);
        }
        else if (prefix.EndsWith('-'))
        {
            output.Append("****");
        }
    }
}
