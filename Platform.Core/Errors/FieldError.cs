namespace Platform.Errors;

/// <summary>One invalid field.</summary>
/// <param name="Pointer">Where it is, as a JSON pointer (RFC 6901) into the request body: <c>/lines/0/quantity</c>.</param>
/// <param name="Code">
/// What is wrong, lower snake case: <c>required</c>, <c>invalid</c>, <c>out_of_range</c>, <c>too_long</c>, <c>too_many</c>,
/// <c>not_found</c>, <c>duplicate</c>.
/// </param>
/// <param name="Message">The same for a person. Never holds the value that was sent.</param>
public sealed record FieldError(string Pointer, string Code, string Message);
