using Platform.Redaction.Detection;

namespace Platform.Redaction.Tests;

/// <summary>Words are found sixteen characters at a time where they would be found one by one.</summary>
public sealed class WordBitsTests
{
    private const string Characters = "abzABZ019_-{[ \r\n\t@`éß주😀\0";

    [Fact]
    public void Letters_humps_and_ends_are_where_one_by_one_finds_them_at_every_length_in_ascii_and_beyond()
    {
        var random = new Random(20260302);
        for (var length = 0; length <= WordBits.MaxLength; length++)
        {
            foreach (var alphabet in new[] { 17, Characters.Length })
            {
                var text = string.Create(length, alphabet, (span, count) => random.GetItems(Characters.AsSpan(0, count), span));
                var bits = new WordBits(text);

                Assert.Equal(text.LastIndexOfAny(['\r', '\n']), bits.LastLineEnd());
                Assert.Equal(text.IndexOfAny(['\r', '\n', '{', '[']) is >= 0 and var end ? end : WordBits.MaxLength, bits.FirstEnd());
                for (var at = random.Next(3); at < length; at += random.Next(1, 6))
                {
                    Assert.Equal(Last(at, IsLetter), bits.LastLetter(at));
                    Assert.Equal(Last(at, i => !IsLetter(i)), bits.LastOther(at));
                    Assert.Equal(Last(at, i => i > 0 && char.IsAsciiLetterUpper(text[i]) && char.IsAsciiLetterLower(text[i - 1])), bits.LastHump(at));
                    Assert.Equal(First(at, IsLetter, WordBits.MaxLength), bits.FirstLetter(at));
                    Assert.Equal(First(at, i => !IsLetter(i), length), bits.FirstOther(at));
                }

                bool IsLetter(int i) => char.IsAsciiLetter(text[i]) || text[i] is 'é' or 'ß' or '주';

                int Last(int at, Func<int, bool> isOne) => Enumerable.Range(0, at + 1).Reverse().FirstOrDefault(isOne, -1);

                int First(int at, Func<int, bool> isOne, int otherwise) => Enumerable.Range(at, length - at).FirstOrDefault(isOne, otherwise);
            }
        }
    }
}
