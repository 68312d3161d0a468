using System.Text.RegularExpressions;
using Platform.Errors;

namespace Platform.Core.Tests.Errors;

public sealed partial class ErrorCodeTests
{
    [Fact]
    public void Codes_are_upper_snake_case_with_an_error_status_and_a_title()
    {
        Assert.NotEmpty(ErrorCode.All);
        Assert.All(ErrorCode.All, code =>
        {
            Assert.Matches(UpperSnakeCase(), code.Code);
            Assert.InRange(code.Status, 400, 599);
            Assert.NotEmpty(code.Title);
        });
    }

    [Fact]
    public void Catalogue_is_closed()
    {
        Assert.Empty(typeof(ErrorCode).GetConstructors());
        Assert.True(typeof(ErrorCode).IsSealed);
    }

    [Theory]
    [InlineData("UNAUTHENTICATED", 401)]
    [InlineData("UNAUTHORIZED", 401)]
    [InlineData("FORBIDDEN", 403)]
    [InlineData("VALIDATION_ERROR", 400)]
    [InlineData("INVALID_INPUT", 400)]
    [InlineData("MISSING_REQUIRED_FIELD", 400)]
    [InlineData("BUSINESS_RULE_VIOLATION", 422)]
    [InlineData("RESOURCE_NOT_FOUND", 404)]
    [InlineData("RESOURCE_ALREADY_EXISTS", 409)]
    [InlineData("OPERATION_NOT_ALLOWED", 409)]
    [InlineData("RATE_LIMIT_EXCEEDED", 429)]
    [InlineData("COMPLEXITY_LIMIT_EXCEEDED", 400)]
    [InlineData("QUERY_DEPTH_EXCEEDED", 400)]
    [InlineData("EXTERNAL_SERVICE_ERROR", 502)]
    [InlineData("TOKEN_BINDING_VIOLATION", 403)]
    [InlineData("INTERNAL_ERROR", 500)]
    [InlineData("DATABASE_ERROR", 503)]
    [InlineData("TIMEOUT", 504)]
    public void Code_that_clients_know_keeps_its_name_and_status(string code, int status) =>
        Assert.Equal(status, Assert.Single(ErrorCode.All, entry => entry.Code == code).Status);

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(413)]
    [InlineData(415)]
    [InlineData(429)]
    [InlineData(503)]
    public void Status_of_the_framework_finds_a_code_with_that_status(int status) => Assert.Equal(status, ErrorCode.ForStatus(status).Status);

    [GeneratedRegex("^[A-Z]+(_[A-Z]+)*$")]
    private static partial Regex UpperSnakeCase();
}
