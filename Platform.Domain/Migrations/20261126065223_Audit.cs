using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.EntityFrameworkCore.Audit;

#nullable disable

namespace Platform.Domain.Migrations
{
    /// <inheritdoc />
    public partial class Audit : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateSequence(
                name: "core_security_audit_position",
                schema: "platform");

            migrationBuilder.CreateTable(
                name: "core_security_audit",
                schema: "platform",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<long>(type: "bigint", nullable: false, defaultValueSql: "CASE WHEN pg_current_xact_id() IS NOT NULL THEN nextval('\"platform\".core_security_audit_position'::regclass) END"),
                    occurred_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    actor = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    action = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    target = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    outcome = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    reason = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    trace_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    correlation_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: true),
                    source = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    details = table.Column<string>(type: "text", nullable: true),
                    key_id = table.Column<int>(type: "integer", nullable: false),
                    code = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_core_security_audit", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "core_security_audit_head",
                schema: "platform",
                columns: table => new
                {
                    id = table.Column<short>(type: "smallint", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    settled = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_core_security_audit_head", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "core_security_audit_seal",
                schema: "platform",
                columns: table => new
                {
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    position = table.Column<long>(type: "bigint", nullable: false),
                    key_id = table.Column<int>(type: "integer", nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_core_security_audit_seal", x => x.sequence);
                });

            migrationBuilder.CreateIndex(
                name: "ix_core_security_audit_action",
                schema: "platform",
                table: "core_security_audit",
                columns: new[] { "action", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_core_security_audit_actor",
                schema: "platform",
                table: "core_security_audit",
                columns: new[] { "actor", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_core_security_audit_target",
                schema: "platform",
                table: "core_security_audit",
                columns: new[] { "target", "id" });

            migrationBuilder.CreateIndex(
                name: "ux_core_security_audit_position",
                schema: "platform",
                table: "core_security_audit",
                column: "position",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_core_security_audit_seal_position",
                schema: "platform",
                table: "core_security_audit_seal",
                column: "position",
                unique: true);

            migrationBuilder.Sql(AuditProtection.Up);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(AuditProtection.Down);

            migrationBuilder.DropTable(
                name: "core_security_audit",
                schema: "platform");

            migrationBuilder.DropTable(
                name: "core_security_audit_head",
                schema: "platform");

            migrationBuilder.DropTable(
                name: "core_security_audit_seal",
                schema: "platform");

            migrationBuilder.DropSequence(
                name: "core_security_audit_position",
                schema: "platform");
        }
    }
}
