using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Platform.EntityFrameworkCore.Connections;

/// <summary>The schema that a context's model gives a table, for stores that speak SQL themselves.</summary>
internal sealed class TableSchema
{
    private TableSchema(IReadOnlyEntityType table)
    {
        Table = table;
        Name = table.GetSchema() ?? "public";
        Quoted = Quote(Name);
    }

    /// <summary>The table in the model.</summary>
    public IReadOnlyEntityType Table { get; }

    /// <summary>The name as it is.</summary>
    public string Name { get; }

    /// <summary>The name as an identifier.</summary>
    public string Quoted { get; }

    /// <summary>Finds the table of a row.</summary>
    /// <exception cref="InvalidOperationException">The context's model does not have it.</exception>
    public static TableSchema Of(DbContext context, Type row)
    {
        IReadOnlyModel model = context.Model;
        return new(model.FindEntityType(row) ?? throw new InvalidOperationException(
            $"{context.GetType()} has no table for {row.Name}: apply its capability in OnModelCreating (modelBuilder.Apply...())."));
    }

    /// <summary>A name as an identifier of SQL.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Puts the schema into a statement, in place of <c>{schema}</c>.</summary>
    public string Sql(string statement) => statement.Replace("{schema}", Quoted, StringComparison.Ordinal);
}
