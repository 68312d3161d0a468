using Npgsql;
namespace Platform.Testing;
public sealed class PostgresFixture : IAsyncDisposable
{
    private static int _n;
    private readonly Dictionary<string, string> _templates = [];
    private readonly SemaphoreSlim _gate = new(1,1);
    public static string For(string db) => $"Host=127.0.0.1;Port=5977;Username=postgres;Database={db};Include Error Detail=true";
    public async Task<TestDatabase> CreateDatabaseAsync(DatabaseTemplate? template = null, CancellationToken ct = default)
    {
        var name = $"t{Environment.ProcessId}_{Interlocked.Increment(ref _n)}";
        await _gate.WaitAsync(ct);
        string source = "template0";
        if (template is not null && !_templates.TryGetValue(template.Key, out source!)) {
            source = "tpl_" + name;
            await Exec($"CREATE DATABASE {source}");
            await template.PrepareAsync(For(source), ct);
            NpgsqlConnection.ClearAllPools();
            _templates[template.Key] = source;
        }
        await Exec($"CREATE DATABASE {name} TEMPLATE {source}");
        _gate.Release();
        return new TestDatabase(name);
    }
    public static async Task Exec(string sql) { await using var c = new NpgsqlConnection(For("postgres")+";Pooling=false"); await c.OpenAsync(); await using var x = new NpgsqlCommand(sql, c); await x.ExecuteNonQueryAsync(); }
    public ValueTask DisposeAsync() => default;
}
public sealed record DatabaseTemplate(string Key, Func<string, CancellationToken, Task> PrepareAsync);
public sealed class TestDatabase(string name) : IAsyncDisposable
{
    public string ConnectionString => PostgresFixture.For(name);
    public async ValueTask DisposeAsync() { await PostgresFixture.Exec($"DROP DATABASE {name} WITH (FORCE)"); }
}
