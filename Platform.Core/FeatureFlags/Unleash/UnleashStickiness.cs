using System.Globalization;
using System.Text;

namespace Platform.FeatureFlags;

/// <summary>What a percentage or a variant of Unleash sticks to, and the number it becomes.</summary>
/// <remarks>Ids are hashed as UTF-8. The specification hashes ASCII only; some of its libraries take UTF-16 units beyond that.</remarks>
internal sealed class UnleashStickiness
{
    /// <summary>The seed of variants, so that they do not follow the percentage.</summary>
    public const uint VariantSeed = 86028157;

    private const int RandomIds = 100_000;

    private readonly FieldReference[] _fields;
    private readonly bool _elseRandom;
    private readonly byte[] _prefix;
    private readonly uint _seed;
    private readonly Random _random;

    private UnleashStickiness(FieldReference[] fields, bool elseRandom, string groupId, uint seed, Random random)
    {
        _fields = fields;
        _elseRandom = elseRandom;
        _prefix = Encoding.UTF8.GetBytes(groupId + ":");
        _seed = seed;
        _random = random;
    }

    /// <summary>Of a rollout: by default the user, else the session, else random; a field that is missing has no number.</summary>
    public static UnleashStickiness OfRollout(string? stickiness, string groupId, Random random) => stickiness switch
    {
        null or "" or "default" => new([new("userId"), new("sessionId")], elseRandom: true, groupId, seed: 0, random),
        "random" => new([], elseRandom: true, groupId, seed: 0, random),
        _ => new([new(stickiness)], elseRandom: false, groupId, seed: 0, random),
    };

    /// <summary>Of variants: by default the user, else the session, else the address; whatever is missing is random.</summary>
    public static UnleashStickiness OfVariants(string? stickiness, string groupId, Random random) => stickiness switch
    {
        null or "" or "default" =>
            new([new("userId"), new("sessionId"), new("remoteAddress")], elseRandom: true, groupId, VariantSeed, random),
        _ => new(stickiness == "random" ? [] : [new(stickiness)], elseRandom: true, groupId, VariantSeed, random),
    };

    /// <summary>A number from 1 to <paramref name="most"/>, or null where there is nothing to stick to.</summary>
    public uint? Number(FlagContext context, uint most)
    {
        foreach (var field in _fields)
        {
            if (field.Read(context) is { } id)
            {
                return (StickyHash.Murmur(_prefix, id, _seed) % most) + 1;
            }
        }

        if (!_elseRandom)
        {
            return null;
        }

        // The id is drawn, not the number, and written on the stack, so that chance allocates nothing either.
        Span<byte> bytes = stackalloc byte[_prefix.Length + 8 <= 256 ? 256 : _prefix.Length + 8];
        _prefix.CopyTo(bytes);
        _random.Next(RandomIds).TryFormat(bytes[_prefix.Length..], out var digits, default, CultureInfo.InvariantCulture);
        return (Murmur3.Hash(bytes[..(_prefix.Length + digits)], _seed) % most) + 1;
    }
}
