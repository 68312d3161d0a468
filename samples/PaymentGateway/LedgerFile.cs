using System.Text;
using System.Text.Json;

namespace PaymentGateway;

/// <summary>The ledger on disk: one JSON object a line, only ever appended to, so that a killed gateway has lost nothing it answered.</summary>
internal sealed class LedgerFile : IDisposable
{
    private readonly string _path;
    private FileStream _file;

    public LedgerFile(string path)
    {
        _path = path;
        _file = Open(FileMode.OpenOrCreate);
    }

    public long Lines { get; private set; }

    /// <summary>Reads what is there. A last line without its end was never answered for, and is cut off.</summary>
    public IEnumerable<LedgerEntry> Read()
    {
        _file.Position = 0;
        long whole = 0;
        using (var reader = new StreamReader(_file, Encoding.UTF8, leaveOpen: true))
        {
            while (reader.ReadLine() is { } line)
            {
                var end = whole + Encoding.UTF8.GetByteCount(line) + 1;
                if (end > _file.Length)
                {
                    break;
                }

                whole = end;
                Lines++;
                yield return JsonSerializer.Deserialize(line, GatewayJson.Default.LedgerEntry)
                    ?? throw new InvalidDataException($"Line {Lines} of {_path} is no entry.");
            }
        }

        _file.SetLength(whole);
        _file.Position = whole;
    }

    public void Append(LedgerEntry entry)
    {
        Write(_file, entry);
        _file.Flush();
        Lines++;
    }

    /// <summary>Replaces the file by one with these entries only.</summary>
    public void Rewrite(IEnumerable<LedgerEntry> entries)
    {
        var fresh = _path + ".new";
        Lines = 0;
        using (var file = new FileStream(fresh, FileMode.Create, FileAccess.Write))
        {
            foreach (var entry in entries)
            {
                Write(file, entry);
                Lines++;
            }

            file.Flush(flushToDisk: true);
        }

        _file.Dispose();
        File.Move(fresh, _path, overwrite: true);
        _file = Open(FileMode.Open);
        _file.Position = _file.Length;
    }

    public void Dispose() => _file.Dispose();

    private static void Write(FileStream file, LedgerEntry entry)
    {
        file.Write(JsonSerializer.SerializeToUtf8Bytes(entry, GatewayJson.Default.LedgerEntry));
        file.WriteByte((byte)'\n');
    }

    private FileStream Open(FileMode mode) => new(_path, mode, FileAccess.ReadWrite, FileShare.Read);
}
