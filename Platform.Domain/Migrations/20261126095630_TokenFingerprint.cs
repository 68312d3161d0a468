using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Platform.Domain.Migrations
{
    /// <inheritdoc />
    public partial class TokenFingerprint : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "core_token_fingerprint",
                schema: "platform",
                columns: table => new
                {
                    token = table.Column<string>(type: "character varying(43)", maxLength: 43, nullable: false),
                    seal = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_core_token_fingerprint", x => x.token);
                });

            migrationBuilder.CreateIndex(
                name: "ix_core_token_fingerprint_expires_at",
                schema: "platform",
                table: "core_token_fingerprint",
                column: "expires_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "core_token_fingerprint",
                schema: "platform");
        }
    }
}
