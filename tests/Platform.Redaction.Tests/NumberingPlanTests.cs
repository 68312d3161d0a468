using System.Globalization;
using PhoneNumbers;

namespace Platform.Redaction.Tests;

/// <summary>Holds the table of numbering plans against libphonenumber, from whose metadata it is made.</summary>
public sealed class NumberingPlanTests
{
    private static readonly PhoneNumberUtil Library = PhoneNumberUtil.GetInstance();
    private static readonly PiiDetector Detector = new();

    [Fact]
    public void The_example_numbers_of_every_region_are_found_as_a_person_writes_them()
    {
        var missed = new List<string>();
        var count = 0;
        foreach (var region in Library.GetSupportedRegions())
        {
            foreach (var type in (PhoneNumberType[])[PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE])
            {
                if (Library.GetExampleNumberForType(region, type) is not { } example || !Library.IsValidNumber(example))
                {
                    continue;
                }

                foreach (var format in (PhoneNumberFormat[])[PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.E164])
                {
                    count++;
                    var number = Library.Format(example, format);
                    var text = $"please use {number}, thank you";
                    if (!Detector.Detect(text).Any(match => match.Type == PiiType.Phone && match.ValueIn(text).SequenceEqual(number)))
                    {
                        missed.Add($"{region} {number}");
                    }
                }
            }
        }

        Assert.True(missed.Count <= count / 200, $"{missed.Count} of {count}: {string.Join(", ", missed.Take(40))}");
    }

    [Fact]
    public void A_random_number_is_rarely_taken_where_the_library_refuses_it()
    {
        var random = new Random(11);
        var (taken, refused, lost, valid) = (0, 0, 0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            var number = "+" + random.NextInt64(1_000_000_000, 999_999_999_999).ToString(CultureInfo.InvariantCulture);
            var isTaken = Detector.Contains($"to {number} now");
            if (IsValid(number))
            {
                valid++;
                lost += isTaken ? 0 : 1;
            }
            else
            {
                refused++;
                taken += isTaken ? 1 : 0;
            }
        }

        Assert.True(lost <= valid / 100, $"{lost} of {valid} valid numbers were lost");
        Assert.True(taken <= refused / 4, $"{taken} of {refused} invalid numbers were taken");
    }

    private static bool IsValid(string number)
    {
        try
        {
            // The library also takes a number with a trunk digit too much; that is not the number that it prints.
            var parsed = Library.Parse(number, null);
            return Library.IsValidNumber(parsed) && Library.Format(parsed, PhoneNumberFormat.E164) == number;
        }
        catch (NumberParseException)
        {
            return false;
        }
    }
}
