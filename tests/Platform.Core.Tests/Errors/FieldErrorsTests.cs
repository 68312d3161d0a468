using Platform.Errors;

namespace Platform.Core.Tests.Errors;

public sealed class FieldErrorsTests
{
    [Fact]
    public void All_fields_are_named_at_once()
    {
        var errors = new FieldErrors();
        errors.Text("/name", "   ", 10);
        errors.Text("/note", new string('x', 11), 10);
        errors.Text("/sku", "a\u0007b", 10);

        var refused = Assert.Throws<ErrorException>(errors.ThrowIfAny);

        Assert.Same(ErrorCode.ValidationError, refused.Code);
        Assert.Equal([("/name", "required"), ("/note", "too_long"), ("/sku", "invalid")], refused.Fields.Select(field => (field.Pointer, field.Code)));
    }

    [Fact]
    public void Text_is_trimmed_and_optional_text_may_be_absent()
    {
        var errors = new FieldErrors();
        Assert.Equal("Ada", errors.Text("/name", "  Ada ", 10));
        Assert.Null(errors.Text("/note", " ", 10, required: false));
        errors.ThrowIfAny();
    }

    [Fact]
    public void Message_never_holds_what_was_sent()
    {
        var errors = new FieldErrors();
        errors.Text("/email", "secret-value-that-is-too-long", 5);
        Assert.DoesNotContain("secret", Assert.Throws<ErrorException>(errors.ThrowIfAny).Fields[0].Message, StringComparison.Ordinal);
    }
}
