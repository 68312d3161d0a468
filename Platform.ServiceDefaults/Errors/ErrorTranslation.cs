using Platform.Errors;

namespace Platform.ServiceDefaults.Errors;

/// <summary>
/// Turns any exception into one entry of the catalogue, for REST and GraphQL alike. Nothing of an unknown exception gets into the
/// result but as its inner exception, which stays in the service. Thread safe.
/// </summary>
public sealed class ErrorTranslation(IEnumerable<IErrorTranslator> translators)
{
    private readonly IErrorTranslator[] _translators = [.. translators];

    /// <summary>Translates an exception; one that nobody knows becomes <see cref="ErrorCode.InternalError"/>.</summary>
    public ErrorException Translate(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        if (exception is ErrorException known)
        {
            return known;
        }

        foreach (var translator in _translators)
        {
            if (translator.Translate(exception) is { } error)
            {
                return error;
            }
        }

        return new ErrorException(ErrorCode.InternalError, null, exception);
    }
}
