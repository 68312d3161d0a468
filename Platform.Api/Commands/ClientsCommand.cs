using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OpenIddict.Abstractions;
using Platform.Api.Identity.TokenBinding;
using Platform.Audit;
using Platform.Domain.Persistence;
using Platform.ServiceDefaults.Commands;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Platform.Api.Commands;

/// <summary>Says how the tokens of an existing client are bound: <c>clients bind ID --dpop</c>.</summary>
internal sealed class ClientsCommand : ApiCommand
{
    private const string Usage = """
        clients bind ID --dpop               issue tokens to this client with a proof of possession only (RFC 9449)
        clients bind ID --certificate FILE   let it authenticate with this self-signed certificate, in PEM (RFC 8705)
        clients bind ID --subject NAME       let it authenticate with certificates of the configured authorities that have this subject
        clients bind ID --none               take all of it back: tokens are bearer tokens again unless the client proves a key by itself
        """;

    public override string Name => "clients";

    public override string Summary => "bind the tokens of a client: clients bind ID --dpop, --certificate FILE, --subject NAME or --none";

    protected override async Task<int> RunAsync(IServiceProvider services, string[] arguments, CancellationToken cancellationToken)
    {
        var read = CommandArguments.Parse(arguments, Usage, ["certificate", "subject"], ["dpop", "none"]);
        var (file, subject) = (read.Optional("certificate"), read.Optional("subject"));
        var asked = (read.Has("dpop") ? 1 : 0) + (read.Has("none") ? 1 : 0) + (file is null ? 0 : 1) + (subject is null ? 0 : 1);
        if (read.Words is not ["bind", var id] || asked != 1)
        {
            throw read.Wrong("A client and one way to bind its tokens are needed.");
        }

        if (file is not null && !File.Exists(file))
        {
            throw read.Wrong($"There is no file {file}.");
        }

        await using var scope = services.CreateAsyncScope();
        var clients = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        if (await clients.FindByClientIdAsync(id, cancellationToken) is not { } client)
        {
            await Console.Error.WriteLineAsync($"There is no client {id}.");
            return Failed;
        }

        var descriptor = new OpenIddictApplicationDescriptor();
        await clients.PopulateAsync(descriptor, client, cancellationToken);
        var how = subject is null ? Change(descriptor, read.Has("dpop"), file, read) : ByAuthority(descriptor, subject, read);

        // The change and its entry are saved together: the manager saves the same context.
        scope.ServiceProvider.GetRequiredService<IAuditTrail>().Record(new AuditEvent("clients.bind", $"client:{id}", AuditOutcome.Succeeded, how) { Actor = "command line" });
        await clients.UpdateAsync(client, descriptor, cancellationToken);
        await scope.ServiceProvider.GetRequiredService<PlatformDbContext>().SaveChangesAsync(cancellationToken);
        await Console.Out.WriteLineAsync($"{id}: {how}");
        return 0;
    }

    private static string ByAuthority(OpenIddictApplicationDescriptor descriptor, string subject, CommandArguments read)
    {
        try
        {
            var name = new X500DistinguishedName(subject);
            descriptor.Properties[KeyBinding.Subject] = System.Text.Json.JsonSerializer.SerializeToElement(name.Name);
            descriptor.ClientType = ClientTypes.Confidential;

            // A confidential client has to have one; nobody knows this one.
            descriptor.ClientSecret ??= Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
            return $"authenticates with certificates of the authorities for {name.Name}";
        }
        catch (CryptographicException)
        {
            throw read.Wrong($"{subject} is no name such as CN=my-client, O=My company.");
        }
    }

    private static string Change(OpenIddictApplicationDescriptor descriptor, bool dpop, string? file, CommandArguments read)
    {
        if (dpop)
        {
            descriptor.Requirements.Add(KeyBinding.Requirement);
            return "tokens need a proof of possession";
        }

        if (file is null)
        {
            descriptor.Requirements.Remove(KeyBinding.Requirement);
            descriptor.JsonWebKeySet = null;
            descriptor.Properties.Remove(KeyBinding.Subject);
            return "tokens are not bound by demand";
        }

        X509Certificate2 certificate;
        try
        {
            certificate = X509Certificate2.CreateFromPem(File.ReadAllText(file));
        }
        catch (CryptographicException)
        {
            throw read.Wrong($"{file} holds no certificate in PEM.");
        }

        using (certificate)
        {
            descriptor.JsonWebKeySet = ClientKeys.Of(certificate) ?? throw read.Wrong($"{file} has to be a certificate of an RSA key.");
            descriptor.ClientType = ClientTypes.Confidential;
            return $"authenticates with the certificate {certificate.Thumbprint}";
        }
    }
}
