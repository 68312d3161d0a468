namespace Platform.Errors;

/// <summary>Knows the exceptions of one library and what the caller is told of them. Thread safe.</summary>
public interface IErrorTranslator
{
    /// <summary>Translates an exception.</summary>
    /// <returns>The error, or null when the exception is none of this library's.</returns>
    ErrorException? Translate(Exception exception);
}
