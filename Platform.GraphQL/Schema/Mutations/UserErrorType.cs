using GraphQL;
using GraphQL.Types;
using Platform.GraphQL.Execution;

namespace Platform.GraphQL.Schema.Mutations;

/// <summary>Why the business refuses a mutation, for the person who asked.</summary>
/// <param name="Pointer">The field of the input as a JSON pointer (RFC 6901), or null when it is about the whole.</param>
/// <param name="Code">What is wrong: of a field in lower snake case, of the whole a code of the catalogue.</param>
/// <param name="Message">The same for a person.</param>
internal sealed record UserError(string? Pointer, string Code, string Message);

internal sealed class UserErrorType : ObjectGraphType<UserError>
{
    public UserErrorType()
    {
        Name = "UserError";
        Description = "Why the business refuses a mutation.";
        this.AllowAnonymous();
        Field<StringGraphType>("pointer")
            .Description("The field of the input as a JSON pointer, such as /lines/0/quantity; null when it is about the whole.")
            .From(error => error.Pointer);
        Field<NonNullGraphType<StringGraphType>>("code")
            .Description("What is wrong: out_of_range for a field, OPERATION_NOT_ALLOWED for the whole.")
            .From(error => error.Code);
        Field<NonNullGraphType<StringGraphType>>("message").Description("The same for a person.").From(error => error.Message);
    }
}
