using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Platform.Secrets.Tests.Envelope;

public sealed class EnvelopeTests
{
    private const string Name = "database";

    private static readonly Guid Version = Guid.Parse("01960000-0000-7000-8000-000000000001");
    private static readonly byte[] Value = Encoding.UTF8.GetBytes("correct horse battery staple");
    private static readonly string Key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Value_comes_back_and_no_two_boxes_are_alike()
    {
        await using var services = Services(Key);
        var envelope = services.GetRequiredService<SecretEnvelope>();
        var one = await envelope.SealAsync(Name, Version, Value, Cancel);
        var two = await envelope.SealAsync(Name, Version, Value, Cancel);
        Assert.Equal(Value, await envelope.OpenAsync(Name, Version, one, Cancel));
        Assert.NotEqual(one.Box, two.Box);
        Assert.NotEqual(one.WrappedKey, two.WrappedKey);
        Assert.Equal(-1, one.Box.AsSpan().IndexOf(Value.AsSpan(0, 8)));
        Assert.DoesNotContain(Convert.ToBase64String(one.Box), one.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_flipped_bit_is_refused()
    {
        await using var services = Services(Key);
        var envelope = services.GetRequiredService<SecretEnvelope>();
        var good = await envelope.SealAsync(Name, Version, Value, Cancel);
        for (var bit = 0; bit < good.Box.Length * 8; bit++)
        {
            await RefusedAsync(envelope, Name, Version, good with { Box = Flipped(good.Box, bit) });
        }

        for (var bit = 0; bit < good.WrappedKey.Length * 8; bit++)
        {
            await RefusedAsync(envelope, Name, Version, good with { WrappedKey = Flipped(good.WrappedKey, bit) });
        }

        var id = Version.ToByteArray(bigEndian: true);
        for (var bit = 0; bit < 128; bit++)
        {
            await RefusedAsync(envelope, Name, new Guid(Flipped(id, bit), bigEndian: true), good);
        }

        for (var bit = 0; bit < Name.Length * 8; bit++)
        {
            await RefusedAsync(envelope, Encoding.Latin1.GetString(Flipped(Encoding.Latin1.GetBytes(Name), bit)), Version, good);
        }
    }

    [Fact]
    public async Task Truncated_lengthened_swapped_and_empty_boxes_are_refused()
    {
        await using var services = Services(Key);
        var envelope = services.GetRequiredService<SecretEnvelope>();
        var good = await envelope.SealAsync(Name, Version, Value, Cancel);
        for (var length = 0; length < good.Box.Length; length++)
        {
            await RefusedAsync(envelope, Name, Version, good with { Box = good.Box[..length] });
        }

        for (var length = 0; length < good.WrappedKey.Length; length++)
        {
            await RefusedAsync(envelope, Name, Version, good with { WrappedKey = good.WrappedKey[..length] });
        }

        await RefusedAsync(envelope, Name, Version, good with { Box = [.. good.Box, 0] });
        await RefusedAsync(envelope, Name, Version, good with { Box = good.WrappedKey });
        await RefusedAsync(envelope, Name, Version, good with { WrappedKey = good.Box });
        var other = await envelope.SealAsync(Name, Version, Value, Cancel);
        await RefusedAsync(envelope, Name, Version, good with { Box = other.Box });
        await RefusedAsync(envelope, Name, Version, good with { KeyId = "another" });
        await RefusedAsync(envelope, Name + "x", Version, good);
    }

    [Fact]
    public async Task Other_key_opens_nothing_and_a_new_key_takes_over_without_touching_the_value()
    {
        var next = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        await using var old = Services(Key);
        var stored = await old.GetRequiredService<SecretEnvelope>().SealAsync(Name, Version, Value, Cancel);
        await using var stranger = Services(next);
        await RefusedAsync(stranger.GetRequiredService<SecretEnvelope>(), Name, Version, stored);

        await using var both = Services(next, Key);
        var envelope = both.GetRequiredService<SecretEnvelope>();
        Assert.Equal(Value, await envelope.OpenAsync(Name, Version, stored, Cancel));
        var rewrapped = (await envelope.RewrapAsync(Name, Version, stored, Cancel))!;
        Assert.Equal(stored.Box, rewrapped.Box);
        Assert.Null(await envelope.RewrapAsync(Name, Version, rewrapped, Cancel));
        Assert.Equal(Value, await stranger.GetRequiredService<SecretEnvelope>().OpenAsync(Name, Version, rewrapped, Cancel));
        await RefusedAsync(old.GetRequiredService<SecretEnvelope>(), Name, Version, rewrapped);
    }

    [Fact]
    public async Task Key_of_a_file_is_read_again_when_the_file_changes()
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            await File.WriteAllTextAsync(file, $"# the key\n{Key}\n", Cancel);
            await using var services = Services(null, settings: ("Platform:Secrets:KeyEncryptionKeyFile", file));
            var envelope = services.GetRequiredService<SecretEnvelope>();
            var stored = await envelope.SealAsync(Name, Version, Value, Cancel);

            await File.WriteAllTextAsync(file, $"{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}\n{Key}\n", Cancel);
            File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file).AddSeconds(2));
            Assert.Equal(Value, await envelope.OpenAsync(Name, Version, stored, Cancel));
            Assert.NotNull(await envelope.RewrapAsync(Name, Version, stored, Cancel));
        }
        finally
        {
            File.Delete(file);
        }
    }

    // AES-256-GCM with 96-bit nonces: McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B, test cases 13 to 16.
    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000", "", "", "", "530f8afbc74536b9a963b4f1c4cb738b")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000", "00000000000000000000000000000000", "", "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919")]
    [InlineData(
        "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
        "cafebabefacedbaddecaf888",
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
        "",
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad",
        "b094dac5d93471bdec1a502270e3cc6c")]
    [InlineData(
        "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
        "cafebabefacedbaddecaf888",
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
        "76fc6ece0f4e1768cddf8853bb2d551b")]
    public void Box_is_the_published_cipher_and_refuses_every_flipped_bit_of_the_published_vectors(
        string key, string nonce, string plain, string associated, string cipher, string tag)
    {
        var (k, n, p, a) = (Convert.FromHexString(key), Convert.FromHexString(nonce), Convert.FromHexString(plain), Convert.FromHexString(associated));
        var box = GcmBox.Seal(k, n, p, a);
        Assert.Equal($"01{nonce}{tag}{cipher}", Convert.ToHexStringLower(box));
        Assert.Equal(p, GcmBox.Open(k, box, a));

        for (var bit = 0; bit < box.Length * 8; bit++)
        {
            Assert.ThrowsAny<CryptographicException>(() => GcmBox.Open(k, Flipped(box, bit), a));
        }

        for (var bit = 0; bit < a.Length * 8; bit++)
        {
            Assert.ThrowsAny<CryptographicException>(() => GcmBox.Open(k, box, Flipped(a, bit)));
        }

        for (var bit = 0; bit < k.Length * 8; bit++)
        {
            Assert.ThrowsAny<CryptographicException>(() => GcmBox.Open(Flipped(k, bit), box, a));
        }
    }

    // RFC 7677, section 3: the server's signature of the example exchange is made with the key that stands in the verifier.
    [Fact]
    public void Verifier_is_that_of_the_example_of_rfc_7677()
    {
        const string Exchange = "n=user,r=rOprNGfwEbeRWgbNEkqO,"
            + "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
            + "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        var verifier = ScramVerifier.Of("pencil", Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);
        Assert.StartsWith("SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$", verifier, StringComparison.Ordinal);
        var keys = verifier.Split('$')[2].Split(':').Select(Convert.FromBase64String).ToArray();
        Assert.Equal("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", Convert.ToBase64String(HMACSHA256.HashData(keys[1], Encoding.ASCII.GetBytes(Exchange))));
        var signature = HMACSHA256.HashData(keys[0], Encoding.ASCII.GetBytes(Exchange));
        var proof = Convert.FromBase64String("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        Assert.Equal(keys[0], SHA256.HashData([.. proof.Zip(signature, (left, right) => (byte)(left ^ right))]));
        Assert.Throws<ArgumentException>(() => ScramVerifier.Of("pass'word"));
    }

    [Theory]
    [InlineData("90.00:00:00", null, "2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z")]
    [InlineData(null, "0 3 1 * *", "2026-01-15T00:00:00Z", "2026-02-01T03:00:00Z")]
    [InlineData("10.00:00:00", "0 3 1 * *", "2026-01-15T00:00:00Z", "2026-01-25T00:00:00Z")]
    [InlineData(null, null, "2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z")]
    public async Task Secret_is_due_by_age_or_by_cron_whichever_comes_first(string? age, string? cron, string rotated, string due)
    {
        await using var services = Services(
            Key, null, ("Platform:Secrets:Items:a:Rotator", "random"), ("Platform:Secrets:Items:a:MaxAge", age), ("Platform:Secrets:Items:a:Cron", cron));
        var definition = services.GetRequiredService<SecretCatalog>().Get("a");
        Assert.Equal(Time(due), definition.DueAfter(Time(rotated)));

        static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static ServiceProvider Services(string? key, string? previous = null, params (string Name, string? Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("Platform:Secrets:KeyEncryptionKey", key),
            .. previous is null ? [] : (KeyValuePair<string, string?>[])[new("Platform:Secrets:PreviousKeyEncryptionKeys:0", previous)],
            .. settings.Where(setting => setting.Value is not null).Select(setting => KeyValuePair.Create(setting.Name, setting.Value)),
        ]).Build());
        services.AddSecrets();
        return services.BuildServiceProvider();
    }

    private static async Task RefusedAsync(SecretEnvelope envelope, string name, Guid version, SealedSecret stored) =>
        await Assert.ThrowsAnyAsync<CryptographicException>(async () => await envelope.OpenAsync(name, version, stored, Cancel));

    private static byte[] Flipped(byte[] bytes, int bit)
    {
        byte[] flipped = [.. bytes];
        flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        return flipped;
    }
}
