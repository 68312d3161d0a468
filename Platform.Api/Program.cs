using Platform.Api.Identity;
using Platform.Domain;
using Platform.EntityFrameworkCore.Errors;
using Platform.ServiceDefaults.Errors;
using Platform.ServiceDefaults.Identity;

var builder = WebApplication.CreateBuilder(args);
builder.AddErrors();
builder.AddPlatformAuthentication();
builder.AddTokenServer();
builder.Services.AddDatabaseErrors();
builder.Services.AddDomain();

var app = builder.Build();
app.UseErrors();
app.UseRouting();
app.UseTokenServer();
app.UseAuthentication();
app.UseAuthorization();
app.Run();
