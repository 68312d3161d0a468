using System.Text.Json;
using Platform.Embedded.Folders;

namespace Platform.Embedded.Engine;

/// <summary>Generated values, kept in the data folder in a file that only this user may read.</summary>
internal sealed class SecretStore
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly Lock _lock = new();
    private Dictionary<string, string>? _values;
    private string? _path;

    public void Open(string dataFolder)
    {
        _path = Path.Combine(dataFolder, "secrets.json");
        _values = File.Exists(_path) ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(_path)) ?? [] : [];
    }

    /// <summary>The value of this name, made and written down if there is none yet.</summary>
    public string GetOrAdd(string name, Func<string> make)
    {
        lock (_lock)
        {
            if (_values is null)
            {
                throw new InvalidOperationException($"'{name}' has no value before the topology starts.");
            }
            if (!_values.TryGetValue(name, out var value))
            {
                _values[name] = value = make();
                PrivateFile.Write(_path!, JsonSerializer.Serialize(_values, Indented), owner: null);
            }
            return value;
        }
    }
}
