using Microsoft.Extensions.Compliance.Classification;
using Microsoft.Extensions.Compliance.Redaction;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.Redaction;

namespace Platform.ServiceDefaults.Redaction;

/// <summary>The bridge to Microsoft.Extensions.Compliance.Redaction.</summary>
public static class ComplianceExtensions
{
    /// <summary>
    /// Has <see cref="IRedactorProvider"/> redact the classifications of <see cref="PersonalTaxonomy"/> as Platform does, for the audience
    /// <see cref="RedactionAudience.Telemetry"/>. What <c>services.AddRedaction(...)</c> of Microsoft.Extensions.Compliance set for other classifications stays; call it before.
    /// </summary>
    public static IServiceCollection AddComplianceRedaction(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddPlatformRedaction();
        if (!services.Any(service => service.ServiceType == typeof(IRedactorProvider)))
        {
            services.AddRedaction();
        }

        var others = services.Last(service => service.ServiceType == typeof(IRedactorProvider));
        services.Replace(ServiceDescriptor.Singleton<IRedactorProvider>(provider => new ComplianceRedactors(
            Make(others, provider), provider.GetRequiredService<Redactors>(), provider.GetServices<ClassificationMapping>())));
        return services;
    }

    /// <summary>Redacts a classification of a taxonomy of one's own as a type of Platform, so that models keep the attributes they have.</summary>
    public static IServiceCollection AddComplianceMapping(this IServiceCollection services, DataClassification classification, PiiType type)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddSingleton(new ClassificationMapping(classification, type));
    }

    private static IRedactorProvider Make(ServiceDescriptor service, IServiceProvider provider) => (IRedactorProvider)(
        service.ImplementationInstance
        ?? service.ImplementationFactory?.Invoke(provider)
        ?? ActivatorUtilities.CreateInstance(provider, service.ImplementationType!));
}
