using Platform.Idempotency;

namespace Platform.Core.Tests.Idempotency;

public sealed class IdempotencyKeyTests
{
    [Theory]
    [InlineData("8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324")]
    [InlineData("\"8e03978e\"", "8e03978e")]
    [InlineData("  \"8e03978e\" ", "8e03978e")]
    [InlineData("", null)]
    [InlineData("\"\"", null)]
    [InlineData("a b", null)]
    [InlineData("a\"b", null)]
    [InlineData("\u00e9", null)]
    [InlineData(null, null)]
    public void Key_is_read_quoted_or_bare_and_nothing_else_is_one(string? value, string? key) => Assert.Equal(key, IdempotencyKey.Parse(value));

    [Fact]
    public void Key_has_at_most_255_characters()
    {
        Assert.NotNull(IdempotencyKey.Parse(new string('k', 255)));
        Assert.Null(IdempotencyKey.Parse(new string('k', 256)));
    }
}
