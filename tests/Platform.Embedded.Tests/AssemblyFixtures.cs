using System.Runtime.Versioning;
using Platform.Testing;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
[assembly: AssemblyFixture(typeof(RedisFixture))]
// Processes, signals and file modes are looked at as Unix shows them.
[assembly: UnsupportedOSPlatform("windows")]
