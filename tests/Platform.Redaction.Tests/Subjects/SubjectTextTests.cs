using System.Text.Json.Nodes;
using Platform.Redaction.Subjects;

namespace Platform.Redaction.Tests.Subjects;

public sealed class SubjectTextTests
{
    [Theory]
    [InlineData("Jane Doe", "Asked by JANE DOE, and by Doe, Jane.", "Asked by [redacted], and by [redacted].")]
    [InlineData("Jane Doe", "Janes Jane Doehler, xJane Doe", "Janes Jane Doehler, xJane Doe")]
    [InlineData("Ann", "We cannot plan for Ann", "We cannot plan for Ann")]
    [InlineData("EUR", "12 EUR", "12 EUR")]
    [InlineData("ann@shop.example", "Write to ann@shop.example.", "Write to [redacted].")]
    [InlineData("+49 30 123456", "Call +49 30 123456!", "Call [redacted]!")]
    public void What_names_nobody_else_goes_where_it_stands_as_a_whole(string identifier, string text, string left) =>
        Assert.Equal(left, SubjectText.Erase(text, Person(identifier)));

    [Theory]
    [InlineData("Ann", "Ann cannot", "[redacted] cannot")]
    [InlineData("Ann Lee", "lee, not Leeds", "[redacted], not Leeds")]
    public void Each_word_of_the_name_goes_from_what_is_about_the_person(string identifier, string text, string left) =>
        Assert.Equal(left, SubjectText.Erase(text, Person(identifier), isAbout: true));

    [Fact]
    public void Values_that_happen_to_be_spelled_like_a_name_stay_in_what_is_not_about_the_person()
    {
        var placed = JsonNode.Parse("""{ "currency": "EUR", "status": "Paid", "note": "Paid by Eur Paid" }""");
        Assert.False(SubjectText.Erase(placed, Person("EUR")));
        Assert.False(SubjectText.Erase(placed, Person("Paid")));
        Assert.True(SubjectText.Erase(placed, Person("Eur Paid")));
        Assert.Equal("Paid by [redacted]", placed!["note"]!.GetValue<string>());
    }

    private static DataSubject Person(string identifier) => new("customer", Guid.CreateVersion7(), [identifier]);
}
