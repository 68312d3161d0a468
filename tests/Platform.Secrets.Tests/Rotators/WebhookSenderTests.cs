using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Platform.Secrets.Tests.Support;
using Platform.Testing;

namespace Platform.Secrets.Tests.Rotators;

/// <summary>The sender of webhooks is told of a secret before anybody counts on it, and told again of the one before when it is taken back.</summary>
public sealed class WebhookSenderTests(PostgresFixture postgres)
{
    private const string Name = "payment-webhook";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sender_is_told_of_each_rotation_again_when_it_failed_and_of_the_one_before_when_it_is_taken_back()
    {
        var told = new ConcurrentQueue<(string? Token, string Secret)>();
        var failures = 0;
        await using var sender = await StartAsync(async context =>
        {
            if (Interlocked.Decrement(ref failures) >= 0)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }

            var body = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            told.Enqueue((context.Request.Headers.Authorization, body!["secret"]!.GetValue<string>()));
        });
        await using var scene = await SecretsScene.OpenAsync(
            postgres,
            null,
            ($"Platform:Secrets:Items:{Name}:Rotator", "webhook"),
            ($"Platform:Secrets:Items:{Name}:Settings:SenderAddress", $"{sender.Urls.First()}/webhook-secret"),
            ($"Platform:Secrets:Items:{Name}:Settings:SenderToken", "the-senders-token"),
            ("Platform:Resilience:Http:Retries", "0"));

        await scene.RotateAsync(Name);
        var first = (await scene.OpenSecretAsync(Name)).Current!.Value;
        Assert.Equal([("Bearer the-senders-token", first)], told);

        // It does not answer at first: the step is tried again, with the same secret.
        await scene.QueryAsync<object>("UPDATE platform.core_secret_rotation SET retire_at = now() WHERE state = 3");
        Assert.Equal(RotationState.Completed, (await scene.Engine.ResumeAsync(Name, Cancel))!.State);
        Volatile.Write(ref failures, 1);
        await Assert.ThrowsAsync<RotationException>(() => scene.RotateAsync(Name));
        Assert.Equal(first, (await scene.OpenSecretAsync(Name)).Current!.Value);
        await Eventually.BecomesTrueAsync(async () => (await scene.Engine.ResumeAsync(Name, Cancel))?.State is RotationState.Overlapping);
        var second = (await scene.OpenSecretAsync(Name)).Current!.Value;
        Assert.NotEqual(first, second);
        Assert.Equal(second, told.Last().Secret);

        await scene.Engine.RollBackAsync(Name, "ada", "they sign wrongly", Cancel);
        Assert.Equal(first, told.Last().Secret);
        Assert.Equal(first, (await scene.OpenSecretAsync(Name)).Current!.Value);
    }

    private static async Task<WebApplication> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPut("/webhook-secret", answer);
        await app.StartAsync(Cancel);
        return app;
    }
}
