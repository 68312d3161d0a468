using System.Net;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.Domain;
using Platform.Redaction;
using Platform.Secrets.Tests.Support;
using Platform.Testing;
using Platform.Webhooks;

namespace Platform.Secrets.Tests.Rotators;

/// <summary>What hosts make of a rotated secret while they run.</summary>
public sealed class FollowingTests(PostgresFixture postgres)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Monitored_options_have_a_rotated_value_before_the_rotation_is_over_for_its_author()
    {
        await using var scene = await SecretsScene.OpenAsync(postgres);
        var host = await scene.FollowerAsync(builder => builder.Services.AddPlatformRedaction());
        var options = host.GetRequiredService<IOptionsMonitor<RedactionOptions>>();
        var keys = host.GetRequiredService<IRedactionKeys>();
        Assert.Null(options.CurrentValue.HashKey);
        var changes = 0;
        using var subscription = options.OnChange(_ => Interlocked.Increment(ref changes));

        await scene.RotateAsync(DomainSecrets.RedactionHash, RotationTrigger.Emergency);
        var value = (await scene.OpenSecretAsync(DomainSecrets.RedactionHash)).Current!.Value;
        Assert.Equal(value, options.CurrentValue.HashKey);
        Assert.Equal(Convert.FromBase64String(value), keys.Current.ToArray());
        Assert.True(changes > 0);
        Assert.Equal(value, host.GetRequiredService<ISecrets>().Find(DomainSecrets.RedactionHash)!.Current!.Value);
    }

    [Fact]
    public async Task Cookies_of_every_key_are_read_by_every_replica_and_by_none_after_an_emergency()
    {
        await using var scene = await SecretsScene.OpenAsync(postgres, null, ($"Platform:Secrets:Items:{DomainSecrets.CookieKeys}:Settings:Lead", "00:00:00"));
        var (one, two) = (await ProtectorAsync(scene), await ProtectorAsync(scene));
        var before = one.Protect("before");
        Assert.Equal("before", two.Unprotect(before));

        await scene.RotateAsync(DomainSecrets.CookieKeys);
        var id = (await scene.OpenSecretAsync(DomainSecrets.CookieKeys)).Current!.Id;
        var after = string.Empty;
        await Eventually.BecomesTrueAsync(() => KeyOf(after = one.Protect("after")) == id);
        await Eventually.BecomesTrueAsync(() => two.Unprotect(after) == "after");
        Assert.Equal("before", two.Unprotect(before));

        await scene.RotateAsync(DomainSecrets.CookieKeys, RotationTrigger.Emergency);
        await Eventually.BecomesTrueAsync(() => Assert.ThrowsAny<Exception>(() => two.Unprotect(after)) is not null);
        await Eventually.BecomesTrueAsync(() => two.Unprotect(one.Protect("new")) == "new");
    }

    [Fact]
    public async Task Webhook_is_accepted_with_the_pending_the_current_and_the_previous_secret_and_with_none_before()
    {
        await using var scene = await SecretsScene.OpenAsync(
            postgres,
            null,
            ("Platform:Secrets:Items:payment-webhook:Rotator", "webhook"),
            ("Platform:Secrets:Items:payment-webhook:BindAll", "Platform:Payments:Webhook:Secrets"));
        await using var api = scene.Api();
        using var client = api.CreateClient();
        await SupplyAsync("first");
        await CompleteAsync();
        await SupplyAsync("second");
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Unauthorized], await SendAsync("first", "second", "third"));
        await CompleteAsync();
        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.OK], await SendAsync("first", "second"));

        Task<Rotation> SupplyAsync(string name) => scene.Engine.RotateAsync(
            "payment-webhook", RotationTrigger.Supplied, "ada", null, new NewSecret(Secret(name)), Cancel);

        async Task CompleteAsync()
        {
            await scene.QueryAsync<object>("UPDATE platform.core_secret_rotation SET retire_at = now() WHERE state = 3");
            Assert.Equal(RotationState.Completed, (await scene.Engine.ResumeAsync("payment-webhook", Cancel))!.State);
        }

        async Task<HttpStatusCode[]> SendAsync(params string[] names)
        {
            // Hosts say that they have taken a change up after they have; the last one has nobody who waits for it.
            var generation = (await scene.StatusAsync("payment-webhook")).Generation;
            await Eventually.BecomesTrueAsync(() => api.Services.GetRequiredService<ISecrets>().Find("payment-webhook")!.Generation == generation);
            var statuses = new List<HttpStatusCode>();
            foreach (var name in names)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/webhooks/payments")
                {
                    Content = new StringContent("""{"type":"charge.seen","data":{"id":"ch_1","status":"captured"}}""", System.Text.Encoding.UTF8, "application/json"),
                };
                var (id, now) = ($"msg_{name}_{Guid.CreateVersion7()}", TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
                request.Headers.Add("webhook-id", id);
                request.Headers.Add("webhook-timestamp", now);
                request.Headers.Add("webhook-signature", WebhookSecret.Parse(Secret(name)).Sign(id, now, await request.Content.ReadAsByteArrayAsync(Cancel)));
                using var response = await client.SendAsync(request, Cancel);
                statuses.Add(response.StatusCode);
            }

            return [.. statuses];
        }

        static string Secret(string name) => $"{name}, which is long enough for a webhook";
    }

    [Fact]
    public async Task Host_without_the_key_starts_and_counts_for_nobody()
    {
        await using var scene = await SecretsScene.OpenAsync(postgres);
        await scene.FollowerAsync(builder => builder.Services.AddSingleton<IKeyEncryptionKeys, NoKeys>());
        await scene.RotateAsync(DomainSecrets.RedactionHash);
        Assert.Equal((0, 0), ((await scene.StatusAsync(DomainSecrets.RedactionHash)).Readers, (await scene.StatusAsync(DomainSecrets.RedactionHash)).Behind));
    }

    private static async Task<IDataProtector> ProtectorAsync(SecretsScene scene) =>
        (await scene.FollowerAsync()).GetRequiredService<IDataProtectionProvider>().CreateProtector("a test");

    // Data Protection's header: four bytes, then the key's id.
    private static Guid KeyOf(string text) => new(Microsoft.AspNetCore.WebUtilities.WebEncoders.Base64UrlDecode(text).AsSpan(4, 16));

    private sealed class NoKeys : IKeyEncryptionKeys
    {
        public bool Available => false;

        public ValueTask<KeyEncryptionKey> CurrentAsync(CancellationToken cancellationToken = default) => throw new System.Security.Cryptography.CryptographicException();

        public ValueTask<KeyEncryptionKey?> FindAsync(string id, CancellationToken cancellationToken = default) => ValueTask.FromResult<KeyEncryptionKey?>(null);
    }
}
