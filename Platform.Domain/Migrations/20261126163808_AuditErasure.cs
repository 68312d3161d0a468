using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.EntityFrameworkCore.Redaction;

#nullable disable

namespace Platform.Domain.Migrations
{
    /// <inheritdoc />
    public partial class AuditErasure : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "core_security_audit_erasure",
                schema: "platform",
                columns: table => new
                {
                    entry_id = table.Column<Guid>(type: "uuid", nullable: false),
                    erased_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    key_id = table.Column<int>(type: "integer", nullable: false),
                    code = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_core_security_audit_erasure", x => x.entry_id);
                });

            migrationBuilder.Sql(ErasableHistory.Up);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(ErasableHistory.Down);

            migrationBuilder.DropTable(
                name: "core_security_audit_erasure",
                schema: "platform");
        }
    }
}
