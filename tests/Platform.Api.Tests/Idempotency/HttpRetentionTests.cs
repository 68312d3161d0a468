using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Api.Tests.Messaging;
using Platform.Api.Tests.Support;
using Platform.Domain;
using Platform.Domain.Persistence;
using Platform.EntityFrameworkCore.Retention;
using Platform.Testing;

namespace Platform.Api.Tests.Idempotency;

public sealed class HttpRetentionTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Changes_and_answers_that_are_too_old_are_deleted_and_nothing_else()
    {
        await api.ExecuteAsync("""
            DELETE FROM platform.core_change;
            INSERT INTO platform.core_change (kind, resource_id, deleted, changed_at)
            SELECT 'product', gen_random_uuid(), false, now() - CASE WHEN n <= 5000 THEN interval '31 days' ELSE interval '29 days' END FROM generate_series(1, 5010) n;
            INSERT INTO platform.core_idempotency_key (client, key, fingerprint, status, headers, body, answered_at)
            SELECT 'old', n::text, '\x00', 201, '{}', '\x00', now() - CASE WHEN n <= 5000 THEN interval '25 hours' ELSE interval '23 hours' END FROM generate_series(1, 5010) n
            """);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        builder.Services.AddDbContext<PlatformDbContext>(options =>
        {
            options.UseNpgsql(api.ConnectionString);
            options.UsePlatformConventions();
        });
        builder.Services.AddDomain();
        builder.Services.AddHttpRetention();
        await using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.BecomesTrueAsync(async () =>
            (await api.CountAsync("platform.core_change"), await api.CountAsync("platform.core_idempotency_key WHERE client = 'old'")) == (10, 10));
    }
}
