using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Platform.ServiceDefaults.Http;

// A filter rather than a call in each Program.cs: it stands before everything that the host adds, and cannot be forgotten.
internal sealed class HttpEdge : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.UseMiddleware<ResponseHeadersMiddleware>();
        app.UsePlatformCors();
        next(app);
    };
}
