using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Platform.FeatureFlags;

namespace Platform.ServiceDefaults.FeatureFlags.Gates;

/// <summary>Renders what is inside <c>&lt;flag name="..."&gt;</c> where the flag is on for the caller; the element itself leaves nothing behind.</summary>
/// <remarks>Say <c>@addTagHelper *, Platform.ServiceDefaults</c> in <c>_ViewImports.cshtml</c>.</remarks>
/// <example><code>
/// &lt;flag name="new_dashboard"&gt;new&lt;/flag&gt;
/// &lt;flag name="new_dashboard" negate="true"&gt;old&lt;/flag&gt;
/// &lt;flag name="button" variant="red,green"&gt;colourful&lt;/flag&gt;
/// </code></example>
[HtmlTargetElement("flag", Attributes = "name")]
public sealed class FlagTag(IFeatureFlags flags) : TagHelper
{
    /// <summary>The flag.</summary>
    public string Name { get; set; } = "";

    /// <summary>Renders where the flag is off instead, or another variant than those of <see cref="Variant"/> is given.</summary>
    public bool Negate { get; set; }

    /// <summary>Names of variants, separated by commas: renders for callers who have one of them.</summary>
    public string? Variant { get; set; }

    /// <summary>The request; filled in by Razor.</summary>
    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.TagName = null;
        if (Holds() == Negate)
        {
            output.SuppressOutput();
        }
    }

    private bool Holds()
    {
        var caller = ViewContext.HttpContext.GetFlagContext();
        if (string.IsNullOrWhiteSpace(Variant))
        {
            return flags.IsEnabled(Name, caller);
        }

        var wanted = Variant.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return flags.Evaluate(Name, caller).Variant is { } variant && wanted.Contains(variant.Name, StringComparer.Ordinal);
    }
}
