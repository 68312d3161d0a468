using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Platform.EntityFrameworkCore.Identity.Users;
using Platform.Identity;
using Platform.ServiceDefaults.Commands;
using Platform.ServiceDefaults.Identity;

namespace Platform.Api.Commands;

/// <summary>Adds users and helps those who are locked out. The first operator of a new installation comes from here.</summary>
internal sealed class UsersCommand : ApiCommand
{
    private const int MostListed = 1_000;
    private const int GeneratedLength = 20;

    // Without what is easily mistaken for something else: 20 of 53 signs are 114 bits.
    private const string Alphabet = "23456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKMNPQRSTWXYZ";

    private const string Usage = """
        users add --name NAME --role ROLE[,ROLE] [--group GROUP[,GROUP]] [--display-name TEXT] [--email ADDRESS] [--superuser] [--password-stdin]
        users list
        users disable|enable|unlock|reset-2fa --name NAME
        users reset-password --name NAME [--password-stdin]
        Without --password-stdin a password is made and printed once.
        """;

    public override string Name => "users";

    public override string Summary => "add, list, disable and unlock users, reset their passwords and second factors";

    protected override async Task<int> RunAsync(IServiceProvider services, string[] arguments, CancellationToken cancellationToken)
    {
        var given = CommandArguments.Parse(
            arguments, Usage, ["name", "role", "group", "display-name", "email"], ["superuser", "password-stdin"]);
        var identity = services.GetRequiredService<IOptions<IdentityOptions>>().Value;
        if (identity.Provider is IdentityProvider.External)
        {
            throw new CommandUsageException("The users are those of the external provider.");
        }

        await using var scope = services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserAccounts>();
        switch (given.Words)
        {
            case ["add"]:
                return await AddAsync(users, given, identity);
            case ["list"]:
                await ListAsync(users, cancellationToken);
                return 0;
        }

        if (given.Words is not [var verb] || verb is not ("disable" or "enable" or "unlock" or "reset-2fa" or "reset-password"))
        {
            throw given.Wrong("Say what to do.");
        }

        var name = given.Required("name");
        if (await users.FindByNameAsync(name) is not { } user)
        {
            return await ComplainAsync($"There is no user '{name}'.");
        }

        switch (verb)
        {
            case "disable" or "enable":
                return await EndAsync(await users.SetDisabledAsync(user, verb == "disable", cancellationToken));
            case "reset-2fa":
                return await EndAsync(await users.ResetTwoFactorAsync(user, cancellationToken));
            case "unlock":
                await users.UnlockAsync(user, cancellationToken);
                return 0;
            default:
                var (password, generated) = await PasswordAsync(given);
                return await EndAsync(await users.ResetPasswordAsync(user, password, cancellationToken), generated ? password : null);
        }
    }

    private static async Task<int> AddAsync(UserAccounts users, CommandArguments given, IdentityOptions identity)
    {
        var roles = given.All("role");
        var known = RoleNames.Permissions.Keys.Union(identity.RolePermissions.Keys).Order(StringComparer.Ordinal).ToArray();
        if (roles.Count == 0 || roles.Except(known, StringComparer.Ordinal).Any())
        {
            throw given.Wrong($"--role is one or more of {string.Join(", ", known)}.");
        }

        var wanted = new NewUser(given.Required("name"))
        {
            DisplayName = given.Optional("display-name"),
            Email = given.Optional("email"),
            Roles = roles,
            Groups = given.All("group"),
            IsStaff = roles.Contains(RoleNames.Staff) || roles.Contains(RoleNames.Operator),
            IsSuperuser = given.Has("superuser"),
        };
        var (password, generated) = await PasswordAsync(given);
        return await EndAsync(await users.AddAsync(wanted, password), generated ? password : null);
    }

    private static async Task ListAsync(UserAccounts users, CancellationToken cancellationToken)
    {
        foreach (var user in await users.ListAsync(MostListed, cancellationToken))
        {
            string[] state =
            [
                .. user.IsSuperuser ? ["superuser"] : Array.Empty<string>(),
                .. user.TwoFactorEnabled ? ["2fa"] : Array.Empty<string>(),
                .. user.IsDisabled ? ["disabled"] : Array.Empty<string>(),
                .. user.LockedUntil is not null ? ["locked"] : Array.Empty<string>(),
            ];
            await Console.Out.WriteLineAsync(
                $"{user.UserName}\t{string.Join(',', user.Roles)}\t{string.Join(',', user.Groups)}\t{string.Join(',', state)}");
        }
    }

    private static async Task<(string Password, bool Generated)> PasswordAsync(CommandArguments given) => given.Has("password-stdin")
        ? (await Console.In.ReadLineAsync() ?? "", false)
        : (RandomNumberGenerator.GetString(Alphabet, GeneratedLength), true);

    private static async Task<int> EndAsync(string? complaint, string? password = null)
    {
        if (complaint is not null)
        {
            return await ComplainAsync(complaint);
        }

        if (password is not null)
        {
            await Console.Out.WriteLineAsync(password);
        }

        return 0;
    }

    private static async Task<int> ComplainAsync(string complaint)
    {
        await Console.Error.WriteLineAsync(complaint);
        return Failed;
    }
}
