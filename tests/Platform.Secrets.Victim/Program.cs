using Microsoft.Extensions.DependencyInjection;
using Platform.Secrets;
using Platform.Secrets.Victim;

// <connection string> <prefix of the roles> <point>: rotates all secrets, or goes on with them, and dies at the point.
if (args is not [var connectionString, var prefix, var name])
{
    return 2;
}

var point = new KillPoint(name, RotationHost.Names.Length);
await using var app = RotationHost.Build(connectionString, RotationHost.Settings(prefix), builder => point.Surround(builder.Services));
var engine = app.Services.GetRequiredService<RotationEngine>();
var store = app.Services.GetRequiredService<IRotationStore>();
point.PromotedAt = async secret => (await store.StatusAsync(secret, default)) is [var status] ? status.RotatedAt : null;
await Task.WhenAll(RotationHost.Names.Select(secret => RotateAsync(secret)));
return 0;

async Task RotateAsync(string secret)
{
    var rotation = await engine.RotateAsync(secret, RotationTrigger.Operator, "victim", null, null, default);
    while (rotation?.State is RotationState.Overlapping or RotationState.Running)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        rotation = await engine.ResumeAsync(secret, default);
    }
}
