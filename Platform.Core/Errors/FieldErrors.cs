namespace Platform.Errors;

/// <summary>Collects every invalid field of a request, so that the caller learns of all at once.</summary>
public sealed class FieldErrors
{
    private readonly List<FieldError> _errors = [];

    /// <summary>True while nothing is wrong.</summary>
    public bool IsEmpty => _errors.Count == 0;

    /// <summary>What is wrong so far, in the order it was found.</summary>
    public IReadOnlyList<FieldError> All => _errors;

    /// <summary>Names a field that is wrong.</summary>
    /// <inheritdoc cref="FieldError" path="/param"/>
    /// <param name="pointer">Where it is, as a JSON pointer (RFC 6901).</param>
    /// <param name="code">What is wrong, lower snake case.</param>
    /// <param name="message">The same for a person.</param>
    public void Add(string pointer, string code, string message) => _errors.Add(new FieldError(pointer, code, message));

    /// <summary>Checks a text: present where <paramref name="required"/>, and at most <paramref name="maxLength"/> UTF-16 units long.</summary>
    /// <returns>The text without white space at its ends, or null when it is absent.</returns>
    public string? Text(string pointer, string? value, int maxLength, bool required = true)
    {
        var trimmed = value?.Trim();
        if (string.IsNullOrEmpty(trimmed))
        {
            if (required)
            {
                Add(pointer, "required", "A value is required.");
            }

            return null;
        }

        if (trimmed.Length > maxLength)
        {
            Add(pointer, "too_long", $"At most {maxLength} characters are allowed.");
        }
        else if (trimmed.AsSpan().ContainsAnyInRange('\0', '\u001f'))
        {
            Add(pointer, "invalid", "Control characters are not allowed.");
        }

        return trimmed;
    }

    /// <summary>Throws when anything was added.</summary>
    /// <exception cref="ErrorException">With <see cref="ErrorCode.ValidationError"/> and all the fields.</exception>
    public void ThrowIfAny()
    {
        if (_errors.Count > 0)
        {
            throw ErrorException.Validation([.. _errors]);
        }
    }
}
