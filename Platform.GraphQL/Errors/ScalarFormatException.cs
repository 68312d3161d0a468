namespace Platform.GraphQL.Errors;

/// <summary>A value that a scalar of this schema does not take. The message leaves the service: it says what is taken, never what came.</summary>
internal sealed class ScalarFormatException(string message) : FormatException(message);
