using System.Globalization;

namespace Platform.Embedded.Processes;

/// <summary>An account of this machine.</summary>
internal sealed record UnixUser(string Name, uint UserId, uint GroupId)
{
    /// <summary>
    /// The account that servers run under when this program runs as root, since PostgreSQL refuses root: <c>postgres</c>
    /// where the packages made it, otherwise <c>nobody</c>, which every system has. Null when not root.
    /// </summary>
    internal static UnixUser? ForServers()
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
        {
            return null;
        }
        return Find("postgres") ?? Find("nobody")
            ?? throw new EmbeddedException("Running as root, and there is neither an account 'postgres' nor 'nobody' to run the servers under. "
                + "Start as an ordinary user.");
    }

    private static UnixUser? Find(string name)
    {
        // passwd(5): name:password:UID:GID:GECOS:directory:shell
        foreach (var line in File.ReadLines("/etc/passwd"))
        {
            var fields = line.Split(':');
            if (fields.Length >= 4 && fields[0] == name
                && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var userId)
                && uint.TryParse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture, out var groupId))
            {
                return new UnixUser(name, userId, groupId);
            }
        }
        return null;
    }
}
