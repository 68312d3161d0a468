using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Identifiers;
using Platform.Identity;

namespace Platform.EntityFrameworkCore.Identity;

internal sealed class CookieKeys<TContext>(IServiceScopeFactory scopes, KeySealing sealing, TimeProvider time) : ICookieKeys
    where TContext : DbContext
{
    // One is made every 90 days, and a cookie of years ago is worth nothing.
    private const int Most = 100;

    public IReadOnlyList<string> Read()
    {
        using var scope = scopes.CreateScope();
        var rows = scope.ServiceProvider.GetRequiredService<TContext>().Set<CookieKeyRow>().AsNoTracking()
            .OrderByDescending(row => row.Id).Take(Most).ToList();
        return [.. rows.Select(row => Encoding.UTF8.GetString(sealing.Open(row.Sealed, row.Id, SealedFor.CookieKeys)))];
    }

    public void Add(string xml) => Add(xml, Uuid7.Next(time));

    public void Remove(Guid id)
    {
        using var scope = scopes.CreateScope();
        scope.ServiceProvider.GetRequiredService<TContext>().Set<CookieKeyRow>().Where(row => row.Id == id).ExecuteDelete();
    }

    public void Add(string xml, Guid id)
    {
        using var scope = scopes.CreateScope();
        var database = scope.ServiceProvider.GetRequiredService<TContext>();
        if (database.Set<CookieKeyRow>().Any(row => row.Id == id))
        {
            return;
        }

        database.Add(new CookieKeyRow
        {
            Id = id,
            Sealed = sealing.Seal(Encoding.UTF8.GetBytes(xml), id, SealedFor.CookieKeys),
            CreatedAt = time.GetUtcNow(),
        });
        database.SaveChanges();
    }
}
