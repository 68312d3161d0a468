using System.Net;
using Platform.Secrets;

namespace Platform.ServiceDefaults.Secrets;

/// <summary>
/// Keys of a provider with an HTTP administration. A key is named for its version before it is asked for, so that one whose answer was lost is found and revoked
/// before another is made.
/// </summary>
internal sealed class HttpKeyRotator(string kind, HttpKeyProfile profile, IHttpClientFactory clients, TimeProvider time) : ISecretRotator
{
    public const string Client = "secrets";

    private const int MaxPages = 100;

    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(500);

    // A provider's replicas may take a moment to know a new key.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public string Kind => kind;

    public bool CanCreate(SecretDefinition definition) => profile.Create is not null;

    public async Task<IReadOnlyList<string>> PlanAsync(RotationContext context, CancellationToken cancellationToken)
    {
        var known = await NamedAsync(context, cancellationToken);
        return
        [
            profile.Create is null ? "take the key that an operator gives (secrets set)" : $"make a key at {profile.AdminAddress?.Host}, beside {known.Count} of this secret",
            $"use it at {(profile.UseAddress ?? profile.AdminAddress)?.Host}",
            "have all hosts use it",
            context.Current?.Reference is { } left ? $"revoke the key {left} after the overlap" : "revoke nothing: no key before is known",
        ];
    }

    public async Task<NewSecret> CreateAsync(RotationContext context, CancellationToken cancellationToken)
    {
        var create = profile.Create ?? throw new RotationException($"Keys of {kind} are made by hand: give one with secrets set.");

        // One of this version is there already where the answer was lost; its value is.
        foreach (var (id, name) in await NamedAsync(context, cancellationToken))
        {
            if (name == Tag(context))
            {
                await RevokeAsync(context, id, cancellationToken);
                context.OrphanRemoved(id);
            }
        }

        // A provider that knows an id for good wants another one for another key.
        var key = Key(context);
        var values = new Dictionary<string, string> { ["tag"] = Tag(context), ["key"] = key };
        var answer = await Calls(context).AdministerAsync(create, values, cancellationToken);
        var made = create.Id is null ? key : Last(HttpKeyCalls.Text(answer, create.Id) ?? throw new RotationException("The provider's answer names no key."));
        var value = profile.Reveal is { } reveal ? await RevealAsync(context, reveal, made, cancellationToken) : HttpKeyCalls.Text(answer, create.Value);
        return new NewSecret(value ?? throw new RotationException("The provider's answer holds no key."), made);
    }

    public Task SetAsync(RotationContext context, SecretVersion pending, CancellationToken cancellationToken) => pending.Reference is null && profile.Revoke is not null
        ? throw new RotationException("The provider's id of the key is needed, so that it can be revoked one day: secrets set --reference.")
        : Task.CompletedTask;

    public async Task TestAsync(RotationContext context, SecretVersion pending, CancellationToken cancellationToken)
    {
        if (profile.Verify is not { } verify)
        {
            return;
        }

        var began = time.GetTimestamp();
        while (true)
        {
            var (status, answer) = await Calls(context).SendAsync(verify, asAdmin: false, new Dictionary<string, string> { ["value"] = pending.Value }, cancellationToken);
            var said = HttpKeyCalls.Text(answer, verify.Status);
            if ((int)status is >= 200 and < 300 && (verify.Status is null || (said is not null && !verify.Refused.Contains(said))))
            {
                return;
            }

            if (time.GetElapsedTime(began) > Patience)
            {
                throw new RotationException($"The new key does not work: {(int)status} {said}".TrimEnd());
            }

            await Task.Delay(Again, time, cancellationToken);
        }
    }

    public Task RetireAsync(RotationContext context, SecretVersion? previous, CancellationToken cancellationToken) =>
        previous?.Reference is { } id ? RevokeAsync(context, id, cancellationToken) : Task.CompletedTask;

    public async Task DiscardAsync(RotationContext context, SecretVersion? pending, CancellationToken cancellationToken)
    {
        if (pending?.Reference is { } id)
        {
            await RevokeAsync(context, id, cancellationToken);
        }

        foreach (var (left, name) in await NamedAsync(context, cancellationToken))
        {
            if (name == Tag(context) && left != pending?.Reference)
            {
                await RevokeAsync(context, left, cancellationToken);
                context.OrphanRemoved(left);
            }
        }
    }

    public async Task<IReadOnlyList<string>> FindOrphansAsync(RotationContext context, CancellationToken cancellationToken)
    {
        var kept = context.Versions.Select(version => version.Reference).ToHashSet();
        return [.. (await NamedAsync(context, cancellationToken)).Where(key => !kept.Contains(key.Id)).Select(key => key.Id)];
    }

    public Task RemoveOrphanAsync(RotationContext context, string reference, CancellationToken cancellationToken) => RevokeAsync(context, reference, cancellationToken);

    private async Task<string?> RevealAsync(RotationContext context, HttpKeyRequest reveal, string id, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var (status, answer) = await Calls(context).SendAsync(reveal, asAdmin: true, new Dictionary<string, string> { ["id"] = id }, cancellationToken);
            if (HttpKeyCalls.Text(answer, reveal.Value) is { } value)
            {
                return value;
            }

            if (time.GetElapsedTime(began) > Patience)
            {
                throw new RotationException($"The provider did not tell the new key: {(int)status}.");
            }

            await Task.Delay(Again, time, cancellationToken);
        }
    }

    private async Task RevokeAsync(RotationContext context, string id, CancellationToken cancellationToken)
    {
        if (profile.Revoke is not { } revoke)
        {
            return;
        }

        var (status, _) = await Calls(context).SendAsync(revoke, asAdmin: true, new Dictionary<string, string> { ["id"] = id }, cancellationToken);
        if ((int)status is not (>= 200 and < 300) && status is not (HttpStatusCode.NotFound or HttpStatusCode.Gone))
        {
            throw new RotationException($"The key {id} could not be revoked: {(int)status}.");
        }
    }

    // Keys that were made for this secret, by their names.
    private async Task<List<(string Id, string Name)>> NamedAsync(RotationContext context, CancellationToken cancellationToken)
    {
        var found = new List<(string, string)>();
        var after = string.Empty;
        for (var page = 0; profile.List is { } list && page < MaxPages; page++)
        {
            var answer = await Calls(context).AdministerAsync(list, new Dictionary<string, string> { ["after"] = after }, cancellationToken);
            var items = 0;
            foreach (var item in HttpKeyCalls.Items(answer, list.Items))
            {
                items++;
                if (HttpKeyCalls.Text(item, list.Id) is { } id && HttpKeyCalls.Text(item, list.Name) is { } name && IsOfThis(context, name))
                {
                    found.Add((Last(id), name));
                }
            }

            var next = HttpKeyCalls.Text(answer, list.Next);
            if (items == 0 || string.IsNullOrEmpty(next) || next == after)
            {
                break;
            }

            after = next;
        }

        return found;
    }

    private HttpKeyCalls Calls(RotationContext context) => new(clients.CreateClient(Client), profile, context.Definition.Settings);

    private static string Tag(RotationContext context) => $"platform-{context.Definition.Name}-{context.Version:N}";

    private string Key(RotationContext context) => $"p{context.Version:N}-{time.GetUtcNow().ToUnixTimeMilliseconds():x}";

    // The rest has to be a version's id: another secret's name may begin with this one's.
    private static bool IsOfThis(RotationContext context, string name) =>
        name.StartsWith($"platform-{context.Definition.Name}-", StringComparison.Ordinal) && Guid.TryParseExact(name[(10 + context.Definition.Name.Length)..], "N", out _);

    private static string Last(string id) => id[(id.LastIndexOf('/') + 1)..];
}
