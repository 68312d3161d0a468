using System.Buffers.Text;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Platform.TokenBinding.Tests.Support;

/// <summary>A change to a proof: in its text, in the JSON of one part, or in how the parts are put together.</summary>
internal sealed record ProofMutation(int Original, int Kind, int Place, int Value)
{
    private static readonly string[] Pieces =
    [
        "", ".", "=", " ", "\0", "eyJ9", "\"", "{", "}", "null", "none", "HS256", "\\u0000", "\ud83d", "é", "..", "POST", "https://evil.example/", "0", "-1", "1e999", "true", "[]",
    ];

    public static Gen<ProofMutation> Any(int originals) =>
        from original in Gen.Choose(0, originals - 1)
        from kind in Gen.Choose(0, 9)
        from place in Gen.Choose(0, 1_000_000)
        from value in Gen.Choose(0, 1_000_000)
        select new ProofMutation(original, kind, place, value);

    // Spare bits of base64 may differ without changing a byte of what is signed; then it is the same proof, which the replay store knows.
    public static bool IsSameProof(string changed, string original)
    {
        if (changed == original)
        {
            return true;
        }

        var one = changed.Split('.');
        var other = original.Split('.');
        return one.Length == 3 && one[0] == other[0] && one[1] == other[1] && Base64Url.IsValid(one[2])
            && Base64Url.DecodeFromChars(one[2]).AsSpan().SequenceEqual(Base64Url.DecodeFromChars(other[2]));
    }

    public string Apply(string proof)
    {
        var parts = proof.Split('.');
        var piece = Pieces[Value % Pieces.Length];
        switch (Kind)
        {
            case 0: // another character
                return Replace(proof, Place % proof.Length, 1, ((char)('!' + (Value % 94))).ToString());
            case 1: // cut
                return proof[..(Place % proof.Length)];
            case 2: // something put in
                return proof.Insert(Place % proof.Length, piece);
            case 3: // parts in another order, or fewer
                return (Value % 5) switch
                {
                    0 => $"{parts[1]}.{parts[0]}.{parts[2]}",
                    1 => $"{parts[0]}.{parts[1]}.",
                    2 => $"{parts[0]}..{parts[2]}",
                    3 => $"{proof}.{parts[2]}",
                    _ => $"{parts[0]}.{parts[1]}",
                };
            case 4 or 5: // the header's JSON
                return $"{Json(parts[0], piece)}.{parts[1]}.{parts[2]}";
            case 6 or 7: // the payload's JSON
                return $"{parts[0]}.{Json(parts[1], piece)}.{parts[2]}";
            case 8: // the signature's bytes
                var signature = Base64Url.DecodeFromChars(parts[2]);
                signature[Place % signature.Length] ^= (byte)(1 << (Value % 8));
                return $"{parts[0]}.{parts[1]}.{Base64Url.EncodeToString(signature)}";
            default: // a member of header or payload with another value
                var part = Place % 2;
                parts[part] = Member(parts[part]);
                return string.Join('.', parts);
        }
    }

    private static string Replace(string text, int at, int length, string by) => string.Concat(text.AsSpan(0, at), by, text.AsSpan(at + length));

    private string Json(string part, string piece)
    {
        var json = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(part));
        var at = Place % json.Length;
        var changed = Value % 2 == 0 ? json.Insert(at, piece) : Replace(json, at, Math.Min(1 + (Value % 7), json.Length - at), piece);
        return Base64Url.EncodeToString(Encoding.UTF8.GetBytes(changed));
    }

    private string Member(string part)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(Base64Url.DecodeFromChars(part))!.AsObject();
        var name = json.ElementAt(Place / 2 % json.Count).Key;
        json[name] = (Value % 8) switch
        {
            0 => "x",
            1 => 0,
            2 => null,
            3 => true,
            4 => new System.Text.Json.Nodes.JsonArray(),
            5 => new System.Text.Json.Nodes.JsonObject(),
            6 => new string('A', 300),
            _ => -1e300,
        };
        return Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
    }
}
