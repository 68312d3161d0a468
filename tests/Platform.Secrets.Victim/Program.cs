using Microsoft.Extensions.DependencyInjection;
using Platform.Secrets;
using Platform.Secrets.Victim;

// <connection string> <prefix of the roles> <lease> <point>: says that it is ready, waits for a line, rotates all secrets and dies at the point.
if (args is not [var connectionString, var prefix, var lease, var name])
{
    return 2;
}

var point = new KillPoint(name, RotationHost.Names.Length);
await using var app = RotationHost.Build(connectionString, new Dictionary<string, string?>(RotationHost.Settings(prefix)) { ["Platform:Secrets:Lease"] = lease }, builder => point.Surround(builder.Services));
var engine = app.Services.GetRequiredService<RotationEngine>();
var store = app.Services.GetRequiredService<IRotationStore>();
await Task.WhenAll(RotationHost.Names.Select(secret => store.StatusAsync(secret, default)));
Console.WriteLine("ready");
if (Console.ReadLine() is null)
{
    return 2;
}

point.PromotedAt = async secret => (await store.StatusAsync(secret, default)) is [var status] ? status.RotatedAt : null;
await Task.WhenAll(RotationHost.Names.Select(secret => RotateAsync(secret)));
return 0;

async Task RotateAsync(string secret)
{
    Rotation? rotation = null;
    do
    {
        try
        {
            rotation = rotation is null
                ? await engine.RotateAsync(secret, RotationTrigger.Operator, "victim", null, null, default)
                : await engine.ResumeAsync(secret, default);
        }
        catch (RotationException)
        {
            // A step took too long on a busy machine: once more.
            rotation = (await store.HistoryAsync(secret, 1, default))[0];
        }

        await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
    }
    while (rotation?.State is RotationState.Overlapping or RotationState.Running);
}
