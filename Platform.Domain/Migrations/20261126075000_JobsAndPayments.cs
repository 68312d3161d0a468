using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Platform.Domain.Migrations
{
    /// <inheritdoc />
    public partial class JobsAndPayments : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<uint>(
                name: "xmin",
                schema: "commerce",
                table: "payments",
                type: "xid",
                rowVersion: true,
                nullable: false,
                defaultValue: 0u);

            migrationBuilder.AddColumn<string>(
                name: "schedule",
                schema: "platform",
                table: "core_lease",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "started_at",
                schema: "platform",
                table: "core_lease",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_payments_gateway_reference",
                schema: "commerce",
                table: "payments",
                column: "gateway_reference");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_payments_gateway_reference",
                schema: "commerce",
                table: "payments");

            migrationBuilder.DropColumn(
                name: "xmin",
                schema: "commerce",
                table: "payments");

            migrationBuilder.DropColumn(
                name: "schedule",
                schema: "platform",
                table: "core_lease");

            migrationBuilder.DropColumn(
                name: "started_at",
                schema: "platform",
                table: "core_lease");
        }
    }
}
