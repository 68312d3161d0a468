using System.Text.Json;

namespace Platform.Redaction.Tests.Models;

public sealed class SafeViewTests
{
    [Fact]
    public void Declared_members_are_redacted_and_others_searched()
    {
        var view = new Person(7, "Jane Doe", "jane.doe@example.com", "call (555) 123-4567", [new("Max Doe", "max@example.com")]).ToSafe();

        Assert.Equal(7, view["Id"]);
        Assert.Equal("J*** D***", view["Name"]);
        Assert.Equal("j***@e***.com", view["Email"]);
        Assert.Equal("call ***-***-4567", view["Note"]);
        Assert.Equal("Person { Id = 7, Name = J*** D***, Email = j***@e***.com, Note = call ***-***-4567, Contacts = [Contact { FullName = M*** D***, Mail = m***@e***.com }] }", view.ToString());
    }

    [Fact]
    public void A_view_serializes_as_an_object()
    {
        var json = JsonSerializer.Serialize(new Person(7, "Jane Doe", "jane.doe@example.com", null, []).ToSafe());

        Assert.Equal("""{"Id":7,"Name":"J*** D***","Email":"j***@e***.com","Note":null,"Contacts":[]}""", json);
    }

    [Fact]
    public void A_record_with_personal_members_prints_its_safe_view() =>
        Assert.DoesNotContain("Doe", $"{new Person(7, "Jane Doe", "jane.doe@example.com", null, [])}", StringComparison.Ordinal);

    [Fact]
    public void A_class_of_somebody_else_is_declared_by_expression()
    {
        PersonalModel.Declare<Foreign>(foreign => foreign.Handle, PiiType.PersonName);

        Assert.Equal("J*** D***", new Foreign { Handle = "Jane Doe" }.ToSafe()["Handle"]);
        Assert.Equal("J*** D***", new Derived { Handle = "Jane Doe" }.ToSafe()["Handle"]);
        Assert.Throws<ArgumentException>(() => PersonalModel.Declare<Foreign>(foreign => foreign.Handle.Length, PiiType.Email));
    }

    [Fact]
    public void Depth_and_number_of_elements_are_limited()
    {
        var loop = new Node();
        loop.Next = loop;
        loop.Many = Enumerable.Repeat("jane.doe@example.com", 1000);

        var text = loop.ToSafe().ToString();

        Assert.DoesNotContain("jane.doe", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 1, 10_000);
    }

    [Fact]
    public void The_redactor_decides_for_whom()
    {
        var subject = new Redactor(new(), RedactionPolicy.For(RedactionAudience.Subject));

        Assert.Equal("jane.doe@example.com", new Foreign { Handle = "x", Mail = "jane.doe@example.com" }.ToSafe(subject)["Mail"]);
    }

    [Theory]
    [InlineData("customerName", "Jane Doe", "J*** D***")]
    [InlineData("password", "hunter2", "[redacted]")]
    [InlineData("client_secret", "a1b2c3d4e5f6g7h8", "[redacted]")]
    [InlineData("productName", "Steel Bottle", "Steel Bottle")]
    [InlineData("userName", "ada", "ada")]
    public void The_name_of_a_field_says_what_its_value_is(string field, string value, string expected) =>
        Assert.Equal(expected, Redactor.Default.Redact(value, field));

    [Fact]
    public void Json_is_redacted_by_the_names_in_it()
    {
        using var document = JsonDocument.Parse("""{"customerName":"Jane Doe","phone":5551234567,"items":[{"email":"jane.doe@example.com"},1],"id":"0199a5c2-7c1e-7b61-8f2e-3a9b6a1c2d3e"}""");

        Assert.Equal(
            """{"customerName":"J*** D***","phone":"***-***-4567","items":[{"email":"j***@e***.com"},1],"id":"0199a5c2-7c1e-7b61-8f2e-3a9b6a1c2d3e"}""",
            JsonSerializer.Serialize(SafeJson.Redact(document.RootElement, Redactor.Default)));
    }

    internal sealed record Person(
        int Id, [Personal(PiiType.PersonName)] string Name, [Personal(PiiType.Email)] string Email, string? Note, IReadOnlyList<Contact> Contacts)
    {
        public override string ToString() => this.ToSafe().ToString();
    }

    internal sealed class Contact(string name, string mail)
    {
        [Personal(PiiType.PersonName)]
        public string FullName { get; } = name;

        [Personal(PiiType.Email)]
        public string Mail { get; } = mail;
    }

    internal class Foreign
    {
        public string Handle { get; set; } = "";

        public string? Mail { get; set; }
    }

    internal sealed class Derived : Foreign;

    internal sealed class Node
    {
        public Node? Next { get; set; }

        public IEnumerable<string>? Many { get; set; }
    }
}
