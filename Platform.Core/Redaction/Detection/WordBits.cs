using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Platform.Redaction.Detection;

/// <summary>Where the words of up to <see cref="MaxLength"/> characters are: a bit a character, so that a word is found at once and not letter by letter.</summary>
internal readonly struct WordBits
{
    /// <summary>The longest text.</summary>
    public const int MaxLength = 128;

    private const int Half = 64;

    private readonly Bits _letters;
    private readonly Bits _others;
    private readonly Bits _humps;
    private readonly Bits _lineEnds;
    private readonly Bits _openings;

    /// <summary>Looks at a text.</summary>
    public WordBits(ReadOnlySpan<char> text)
    {
        var classes = default(Classes);
        if (!TryAscii(text, ref classes))
        {
            classes = default;
            for (var i = 0; i < text.Length; i++)
            {
                classes.Set(text[i], i);
            }
        }

        _letters = classes.Letters;
        _others = new(~classes.Letters.Low, ~classes.Letters.High);
        _lineEnds = classes.LineEnds;
        _openings = classes.Openings;

        // A capital behind a small letter: the N of lastName.
        var (small, capitals) = (classes.SmallLetters, classes.Capitals);
        _humps = new(capitals.Low & (small.Low << 1), capitals.High & ((small.High << 1) | (small.Low >> (Half - 1))));
    }

    /// <summary>The last letter at or before a place, or -1.</summary>
    public int LastLetter(int at) => _letters.Last(at);

    /// <summary>The last character at or before a place that is no letter, or -1.</summary>
    public int LastOther(int at) => _others.Last(at);

    /// <summary>The last capital behind a small letter, at or before a place, or -1.</summary>
    public int LastHump(int at) => _humps.Last(at);

    /// <summary>The last end of a line, or -1.</summary>
    public int LastLineEnd() => _lineEnds.Last(MaxLength - 1);

    /// <summary>The first letter at or behind a place, or <see cref="MaxLength"/>.</summary>
    public int FirstLetter(int at) => _letters.First(at);

    /// <summary>The first character at or behind a place that is no letter; what lies behind the text is none.</summary>
    public int FirstOther(int at) => _others.First(at);

    /// <summary>The first end of a line, or beginning of an object or a list, or <see cref="MaxLength"/>.</summary>
    public int FirstEnd() => new Bits(_lineEnds.Low | _openings.Low, _lineEnds.High | _openings.High).First(0);

    // Sixteen characters at a time; the last sixteen overlap those before.
    private static bool TryAscii(ReadOnlySpan<char> text, ref Classes classes)
    {
        if (!Vector128.IsHardwareAccelerated || text.Length < Vector128<byte>.Count)
        {
            return false;
        }

        ref var first = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(text));
        for (var from = 0; from < text.Length; from += Vector128<byte>.Count)
        {
            from = Math.Min(from, text.Length - Vector128<byte>.Count);
            var low = Vector128.LoadUnsafe(ref first, (nuint)from);
            var high = Vector128.LoadUnsafe(ref first, (nuint)(from + Vector128<ushort>.Count));
            if (((low | high) & Vector128.Create<ushort>(0xFF80)) != Vector128<ushort>.Zero)
            {
                return false;
            }

            var bytes = Vector128.Narrow(low, high);
            var capitals = Vector128.LessThan(bytes - Vector128.Create((byte)'A'), Vector128.Create((byte)26));
            var small = Vector128.LessThan(bytes - Vector128.Create((byte)'a'), Vector128.Create((byte)26));
            var lineEnds = Vector128.Equals(bytes, Vector128.Create((byte)'\n')) | Vector128.Equals(bytes, Vector128.Create((byte)'\r'));
            var openings = Vector128.Equals(bytes, Vector128.Create((byte)'{')) | Vector128.Equals(bytes, Vector128.Create((byte)'['));
            classes.Capitals = classes.Capitals.With(capitals.ExtractMostSignificantBits(), from);
            classes.SmallLetters = classes.SmallLetters.With(small.ExtractMostSignificantBits(), from);
            classes.LineEnds = classes.LineEnds.With(lineEnds.ExtractMostSignificantBits(), from);
            classes.Openings = classes.Openings.With(openings.ExtractMostSignificantBits(), from);
        }

        classes.Letters = new(classes.Capitals.Low | classes.SmallLetters.Low, classes.Capitals.High | classes.SmallLetters.High);
        return true;
    }

    private readonly record struct Bits(ulong Low, ulong High)
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public int Last(int at)
        {
            if (at >= Half)
            {
                var high = High & (ulong.MaxValue >> (MaxLength - 1 - at));
                if (high != 0)
                {
                    return MaxLength - 1 - BitOperations.LeadingZeroCount(high);
                }

                at = Half - 1;
            }

            var low = at < 0 ? 0 : Low & (ulong.MaxValue >> (Half - 1 - at));
            return Half - 1 - BitOperations.LeadingZeroCount(low);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public int First(int at)
        {
            if (at < Half)
            {
                var low = Low & (ulong.MaxValue << at);
                if (low != 0)
                {
                    return BitOperations.TrailingZeroCount(low);
                }

                at = Half;
            }

            var high = at >= MaxLength ? 0 : High & (ulong.MaxValue << (at - Half));
            return Half + BitOperations.TrailingZeroCount(high);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Bits With(uint bits, int from) =>
            from >= Half ? new(Low, High | ((ulong)bits << (from - Half)))
            : from <= Half - 16 ? new(Low | ((ulong)bits << from), High)
            : new(Low | ((ulong)bits << from), High | ((ulong)bits >> (Half - from)));
    }

    private struct Classes
    {
        public Bits Letters;
        public Bits Capitals;
        public Bits SmallLetters;
        public Bits LineEnds;
        public Bits Openings;

        public void Set(char c, int at)
        {
            if (char.IsAsciiLetterUpper(c))
            {
                Capitals = Capitals.With(1, at);
            }
            else if (char.IsAsciiLetterLower(c))
            {
                SmallLetters = SmallLetters.With(1, at);
            }
            else if (c is '\n' or '\r')
            {
                LineEnds = LineEnds.With(1, at);
            }
            else if (c is '{' or '[')
            {
                Openings = Openings.With(1, at);
            }

            if (CharClass.IsLetter(c) || (c >= 128 && !char.IsWhiteSpace(c) && !char.IsPunctuation(c) && !char.IsSurrogate(c) && !char.IsControl(c)))
            {
                Letters = Letters.With(1, at);
            }
        }
    }
}
