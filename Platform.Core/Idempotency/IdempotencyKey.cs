namespace Platform.Idempotency;

/// <summary>The value of the <c>Idempotency-Key</c> header field (IETF draft-ietf-httpapi-idempotency-key-header-07, section 2.1).</summary>
public static class IdempotencyKey
{
    /// <summary>The longest key, in characters.</summary>
    public const int MaxLength = 255;

    /// <summary>
    /// Reads a key: a quoted string as the draft has it, or bare as most clients send it. Both forms of one key are the same.
    /// </summary>
    /// <param name="value">The field's value.</param>
    /// <returns>The key, or null when it is empty, too long, or holds more than visible ASCII characters.</returns>
    public static string? Parse(string? value)
    {
        var key = value.AsSpan().Trim(' ');
        if (key is ['"', .., '"'])
        {
            key = key[1..^1];
        }

        return key.Length is 0 or > MaxLength || key.ContainsAnyExceptInRange('!', '~') || key.ContainsAny('"', '\\') ? null : key.ToString();
    }
}
