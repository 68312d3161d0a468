using static Platform.Redaction.Detection.Sureness;

namespace Platform.Redaction.Detection;

// IP and MAC addresses, and the times that look a little like them.
internal ref partial struct TextScan
{
    private const int LongestAddress = 45;

    // A colon that no digit led to: "::1", "fe::", "aa:bb:...".
    private int Colon(int colon)
    {
        var after = At(colon + 1);
        if (after != ':' && !CharClass.IsHex(after))
        {
            return colon + 1;
        }

        var start = colon;
        while (start > _floor && start > colon - 5 && CharClass.IsHex(_text[start - 1]))
        {
            start--;
        }

        var end = IsAddressStart(start) ? HexAddress(start) : -1;
        return end > 0 ? end : colon + 1;
    }

    // From a hexadecimal word that is followed by a colon: IPv6 (RFC 4291, section 2.2) or MAC. -1 where it is neither.
    private int HexAddress(int start)
    {
        var end = start;
        var colons = 0;
        var most = Math.Min(_text.Length, start + LongestAddress + 1);
        while (end < most && (CharClass.IsHex(_text[end]) || _text[end] is ':' or '.'))
        {
            colons += _text[end] == ':' ? 1 : 0;
            end++;
        }

        // The dot or colon behind an address in a sentence.
        while (end > start && (_text[end - 1] == '.' || (_text[end - 1] == ':' && (end - 2 < start || _text[end - 2] != ':'))))
        {
            colons -= _text[end - 1] == ':' ? 1 : 0;
            end--;
        }

        if (colons < 2 || end - start > LongestAddress || !IsAddressEnd(end))
        {
            return -1;
        }

        var token = _text[start..end];
        if (colons == 5 && token.Length == 17 && IsMac(start, ':'))
        {
            return end;
        }

        if (!IsIpv6(token))
        {
            return -1;
        }

        Ip(start, end, isLoopback: token is "::" or "::1", most: 128);
        return end;
    }

    // Four numbers with dots, or a version or decimal to be passed over. -1 where it may be a number in groups.
    private int DottedNumbers(int start)
    {
        var end = start;
        var parts = 1;
        var value = 0;
        var length = 0;
        var isAddress = true;
        while (end < _text.Length)
        {
            var c = _text[end];
            if (CharClass.IsDigit(c))
            {
                value = Math.Min(1000, (value * 10) + c - '0');
                length++;
            }
            else if (c == '.' && CharClass.IsDigit(At(end + 1)))
            {
                isAddress &= value <= 255 && (length == 1 || _text[end - length] != '0');
                (value, length) = (0, 0);
                parts++;
            }
            else
            {
                break;
            }

            end++;
        }

        isAddress &= parts == 4 && value <= 255 && (length == 1 || _text[end - length] != '0');
        if (isAddress && IsLeftEdge(start) && IsAddressEnd(end) && !(_text[end - 1] != '.' && At(end) == '-' && CharClass.IsLetter(At(end + 1))))
        {
            var text = _text[start..end];
            var isNobody = text.StartsWith("127.") || text is "0.0.0.0";
            var isVersion = (text[0] == '0' && !isNobody) || (At(start - 1) == '/' && CharClass.IsLetter(At(start - 2)) && text.EndsWith(".0"));
            if (!isVersion)
            {
                Ip(start, end, isNobody, most: 32);
            }

            return end;
        }

        return CharClass.IsDigit(At(start + 2)) && At(start + 3) == '.' && parts <= 4 && parts >= 3 && !isAddress ? -1 : end;
    }

    private void Ip(int start, int end, bool isLoopback, int most)
    {
        if ((isLoopback && IsOfServer(start, end)) || ContextAt(start, end) is var context && (context.IsVersion || (isLoopback && context.IsServer)))
        {
            return;
        }

        // Two colons by themselves join and separate in many notations.
        if (end - start == 2 && !(end == _text.Length || At(end) is ']' or '/'))
        {
            return;
        }

        var prefix = PrefixEnd(end, most);
        Add(PiiType.Ip, start, prefix, Strong + 0.05, isFirm: true);
    }

    // The address of this machine, in a URL, with a port or behind a word like host, is where a service listens: nobody's.
    private readonly bool IsOfServer(int start, int end)
    {
        var isBracketed = At(start - 1) == '[' && At(end) == ']';
        var before = isBracketed ? start - 2 : start - 1;
        var behind = isBracketed ? end + 1 : end;
        return At(before) == '/' || (At(behind) == ':' && CharClass.IsDigit(At(behind + 1)));
    }

    // The prefix length of RFC 4632 and RFC 4291, section 2.3, if one follows.
    private readonly int PrefixEnd(int end, int most)
    {
        if (At(end) != '/' || !CharClass.IsDigit(At(end + 1)))
        {
            return end;
        }

        var value = 0;
        var i = end + 1;
        while (CharClass.IsDigit(At(i)) && i <= end + 3)
        {
            value = (value * 10) + _text[i++] - '0';
        }

        return value <= most && !CharClass.IsAlphanumeric(At(i)) && At(i) != '/' ? i : end;
    }

    // A name and a colon may stand before an address, the earlier part of one may not.
    private readonly bool IsAddressStart(int start) =>
        IsLeftEdge(start) && !(At(start - 1) == ':' && (CharClass.IsHex(At(start - 2)) || At(start - 2) == ':'));

    private readonly bool IsAddressEnd(int end) => !(CharClass.IsAlphanumeric(At(end)) || At(end) is '_' or '*' or ':' && At(end + 1) == ':');

    private static bool IsIpv6(ReadOnlySpan<char> token)
    {
        var groups = 0;
        var length = 0;
        var hasGap = false;
        var hasDigit = false;
        for (var i = 0; i < token.Length; i++)
        {
            var c = token[i];
            if (c == ':')
            {
                if (length > 0)
                {
                    groups++;
                    length = 0;
                }
                else if (i > 0 && token[i - 1] != ':')
                {
                    return false;
                }

                if (i + 1 < token.Length && token[i + 1] == ':')
                {
                    if (hasGap || (i + 2 < token.Length && token[i + 2] == ':'))
                    {
                        return false;
                    }

                    hasGap = true;
                    i++;
                }
                else if (i == 0 || i == token.Length - 1)
                {
                    return false;
                }
            }
            else if (c == '.')
            {
                // The tail is an IPv4 address, and takes the room of two groups.
                var tail = token[..i].LastIndexOf(':') + 1;
                return IsIpv4(token[tail..]) && (hasGap ? groups <= 5 : groups == 6);
            }
            else if (++length > 4)
            {
                return false;
            }
            else
            {
                hasDigit |= CharClass.IsDigit(c);
            }
        }

        groups += length > 0 ? 1 : 0;

        // a::b is a name in several languages; an address that lacks every digit is rarer than those.
        return hasGap ? groups <= 7 && (hasDigit || token.Length == 2) : groups == 8;
    }

    private static bool IsIpv4(ReadOnlySpan<char> text)
    {
        var parts = 0;
        foreach (var range in text.Split('.'))
        {
            var part = text[range];
            if (part.Length is < 1 or > 3 || part.ContainsAnyExcept(CharSets.Digits) || (part.Length == 3 && part.SequenceCompareTo("255") > 0))
            {
                return false;
            }

            parts++;
        }

        return parts == 4;
    }

    // Six pairs with one separator. Broadcast and zero address no device.
    private bool IsMac(int start, char separator)
    {
        if (start + 17 > _text.Length)
        {
            return false;
        }

        var token = _text.Slice(start, 17);
        for (var i = 0; i < 17; i++)
        {
            if (i % 3 == 2 ? token[i] != separator : !CharClass.IsHex(token[i]))
            {
                return false;
            }
        }

        if (!IsLeftEdge(start) || !IsRightEdge(start + 17) || At(start + 17) == separator || At(start - 1) == separator)
        {
            return false;
        }

        AddMac(start, start + 17);
        return true;
    }

    // Three words of four, as in 0012.3456.789a.
    private bool IsDottedMac(int start)
    {
        if (start + 14 > _text.Length)
        {
            return false;
        }

        var token = _text.Slice(start, 14);
        for (var i = 0; i < 14; i++)
        {
            if (i % 5 == 4 ? token[i] != '.' : !CharClass.IsHex(token[i]))
            {
                return false;
            }
        }

        if (!IsLeftEdge(start) || !IsRightEdge(start + 14))
        {
            return false;
        }

        AddMac(start, start + 14);
        return true;
    }

    private void AddMac(int start, int end)
    {
        var token = _text[start..end];
        if (token.ContainsAnyExcept("0:-.") && token.ContainsAnyExcept("fF:-."))
        {
            Add(PiiType.Mac, start, end, Strong + 0.05, isFirm: true);
        }
    }
}
