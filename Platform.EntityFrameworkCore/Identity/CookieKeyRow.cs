namespace Platform.EntityFrameworkCore.Identity;

// A row of identity_cookie_key: one key of Data Protection, sealed whole.
internal sealed class CookieKeyRow
{
    public required Guid Id { get; init; }

    public required byte[] Sealed { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
