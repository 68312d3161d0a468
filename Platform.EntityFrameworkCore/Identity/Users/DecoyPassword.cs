using Microsoft.AspNetCore.Identity;

namespace Platform.EntityFrameworkCore.Identity.Users;

// Costs what a real check costs, where there is nothing to check.
internal sealed class DecoyPassword
{
    private static readonly User Nobody = new() { Id = Guid.Empty, UserName = "", CreatedAt = default };

    private readonly IPasswordHasher<User> _hasher;
    private readonly string _hash;

    public DecoyPassword(IPasswordHasher<User> hasher) => (_hasher, _hash) = (hasher, hasher.HashPassword(Nobody, "decoy"));

    public void Verify(string password) => _hasher.VerifyHashedPassword(Nobody, _hash, password);
}
