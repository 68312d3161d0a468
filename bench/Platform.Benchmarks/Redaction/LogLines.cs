using System.Globalization;
using System.Text;

namespace Platform.Benchmarks.Redaction;

/// <summary>
/// Log lines as the platform and what it stands on write them, without personal data: the same ones for the same seed. They hold
/// what is easily taken for some: ids, trace ids, hashes, versions, times in every form, order numbers, cursors, ports.
/// </summary>
public sealed class LogLines(int seed)
{
    private static readonly string[] Services = ["api", "graphql", "worker", "payment-gateway"];

    private static readonly string[] Categories =
    [
        "Platform.Api.Orders.OrderEndpoints", "Platform.Domain.Orders.PlaceOrder", "Microsoft.Hosting.Lifetime", "Npgsql.Command",
        "Microsoft.AspNetCore.Hosting.Diagnostics", "Platform.EntityFrameworkCore.Messaging.OutboxRelay", "System.Net.Http.HttpClient.payments.LogicalHandler",
        "Polly", "Microsoft.EntityFrameworkCore.Database.Command", "Platform.GraphQL.Requests.GraphQLEndpoint",
    ];

    private static readonly string[] Products = ["Steel Bottle", "Desk Lamp", "Field Notes A5", "USB-C Cable 2 m", "Walnut Tray", "Ceramic Mug 330 ml"];
    private static readonly string[] Codes = ["VALIDATION_ERROR", "RESOURCE_NOT_FOUND", "CONFLICT", "RATE_LIMITED", "PRECONDITION_FAILED"];

    private readonly Random _random = new(seed);
    private readonly StringBuilder _line = new();
    private DateTimeOffset _now = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    /// <summary>The next line, without its line feed.</summary>
    public string Next()
    {
        _now = _now.AddMicroseconds(_random.Next(20, 90_000));
        return _random.Next(20) switch
        {
            < 13 => Json(),
            < 15 => Access(),
            15 => Text(),
            16 => Sql(),
            17 => Trace(),
            18 => Metrics(),
            _ => Build(),
        };
    }

    private string Json()
    {
        _line.Clear();
        var (message, template, state) = Event();
        _line.Append(
            CultureInfo.InvariantCulture,
            $$$"""{"timestamp":"{{{_now:yyyy-MM-ddTHH:mm:ss.ffffff}}}Z","level":"{{{(_random.Next(9) == 0 ? "Warning" : "Information")}}}","category":"{{{Pick(Categories)}}}","service":"{{{Pick(Services)}}}","trace_id":"{{{Hex(32)}}}","span_id":"{{{Hex(16)}}}","event":{"id":{{{_random.Next(1, 9000)}}},"name":"{{{Pick(Codes)}}}"},"message":"{{{message}}}","template":"{{{template}}}","state":{{{state}}},"scope":{"ConnectionId":"0HN{{{Code(10)}}}","RequestId":"0HN{{{Code(10)}}}:{{{_random.Next(1, 99):X8}}}","RequestPath":"/api/v1/orders/{{{Uuid()}}}"}}""");
        return _line.ToString();
    }

    private (string Message, string Template, string State) Event()
    {
        var id = Uuid();
        var number = _random.Next(1, 100_000);
        return _random.Next(12) switch
        {
            0 => ($"Order {id} was placed with {number % 9} lines", "Order {OrderId} was placed with {Lines} lines", Object(("OrderId", Quoted(id)), ("Lines", Number(number % 9)))),
            1 => ($"Charged ch_{Code(24)} for order {id}, trace {Hex(32)}", "Charged {ChargeId} for order {OrderId}, trace {TraceId}", Object(("OrderId", Quoted(id)), ("TraceId", Quoted(Hex(32))))),
            2 => ($"Executed DbCommand ({number % 300}ms) [Parameters=[@p0='?' (DbType = Guid), @p1='?' (DbType = Decimal)], CommandType='Text', CommandTimeout='30']", "Executed DbCommand ({elapsed}ms)", Object(("elapsed", Quoted(Number(number % 300))))),
            3 => ($"Request finished HTTP/1.1 POST http://127.0.0.1:{5000 + (number % 900)}/api/v1/orders - 201 {number} application/json;+charset=utf-8 {number % 977}.{_random.Next(1000, 9999)}ms", "Request finished", Object(("ElapsedMilliseconds", $"{number % 977}.{_random.Next(1000, 9999)}"), ("StatusCode", "201"))),
            4 => ($"Subscription orders.placed.v1 read to position {Long(9)} of {Long(9)}, lag {number} ms", "Subscription {Subscription} read to position {Position}", Object(("Position", Long(9)), ("Xid", Long(10)))),
            5 => ($"Cache miss for key catalog:products:{id}:v{number % 40}", "Cache miss for key {Key}", Object(("Key", Quoted($"catalog:products:{id}")), ("Size", Number(number)))),
            6 => ($"Order number {Long(10)} (batch {Long(12)}) exported at {_now.ToUnixTimeMilliseconds()}", "Order number {Number} exported", Object(("Number", Long(10)), ("Batch", Long(12)), ("ExportedAt", Number(_now.ToUnixTimeMilliseconds())))),
            7 => ($"Stored product SKU-{Code(8)} '{Pick(Products)}' version {number}", "Stored product {Sku} version {Version}", Object(("name", Quoted(Pick(Products))), ("price", $"{number % 500}.{number % 90 + 10}"), ("etag", Quoted($"W/\\\"{Hex(16)}\\\"")))),
            8 => ($"Now listening on: http://localhost:{5000 + (number % 900)}", "Now listening on: {address}", Object(("address", Quoted($"http://[::]:{5000 + (number % 900)}")), ("pid", Number(number % 65_000)))),
            9 => ($"Cursor {Base64(24)} gives page of {number % 100} rows", "Cursor {Cursor}", Object(("Cursor", Quoted(Base64(24))), ("Checksum", Quoted(Hex(64))))),
            10 => ($"Idempotency key {id} was used by request {Hex(16)}, answer {Hex(40)} kept for {number % 24} h", "Idempotency key {Key}", Object(("Key", Quoted(id)), ("Nanoseconds", Number(_now.ToUnixTimeMilliseconds() * 1_000_000)))),
            _ => ($"Breaker payments is closed after {number % 60}.{number % 1000:000} s, sampled {number} calls, p95 {number % 900} ms", "Breaker {Name} is {State}", Object(("Calls", Number(number)), ("P95", Number(number % 900)))),
        };
    }

    private string Access() => string.Create(
        CultureInfo.InvariantCulture,
        $"{_now:yyyy-MM-dd HH:mm:ss.fff} [{_random.Next(1, 64):00}] INFO  \"GET /api/v1/products?limit={_random.Next(1, 100)}&cursor={Base64(18)} HTTP/1.1\" {Pick("200 304 404".Split(' '))} {_random.Next(0, 90_000)} {_random.Next(1, 900)}.{_random.Next(0, 999):000}ms \"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{_random.Next(90, 140)}.0.0.0 Safari/537.36\" traceparent=00-{Hex(32)}-{Hex(16)}-01");

    private string Text() => string.Create(
        CultureInfo.InvariantCulture,
        $"{_now:HH:mm:ss.fff} dbug: Microsoft.Extensions.Http.DefaultHttpClientFactory[{_random.Next(100, 104)}] :: cleanup cycle took {_random.Next(0, 99)}.{_random.Next(1000, 9999)}ms - processed: {_random.Next(0, 99)} items - remaining: {_random.Next(0, 99)} items, heap {Long(9)} bytes, thread 0x{Hex(8)}, tick {Long(12)}");

    private string Sql() => string.Create(
        CultureInfo.InvariantCulture,
        $"{_now:yyyy-MM-dd HH:mm:ss.fff} UTC [{_random.Next(1000, 65_000)}] LOG:  duration: {_random.Next(0, 90)}.{_random.Next(0, 999):000} ms  execute <unnamed>: SELECT o.id, o.total_amount FROM commerce.orders AS o WHERE o.id = $1 AND o.xmin = '{Long(8)}' LIMIT {_random.Next(1, 200)} /* lsn {_random.Next(0, 9)}/{Hex(8).ToUpperInvariant()} */");

    private string Trace() => string.Create(
        CultureInfo.InvariantCulture,
        $"   at Platform.Domain.Orders.PlaceOrder.HandleAsync(PlaceOrderCommand command, CancellationToken cancellationToken) in /src/Platform.Domain/Orders/PlaceOrder.cs:line {_random.Next(10, 400)} [System.Private.CoreLib, Version=10.0.{_random.Next(0, 20)}.0, Culture=neutral, PublicKeyToken={Hex(16)}]");

    private string Metrics() => string.Create(
        CultureInfo.InvariantCulture,
        $"http_server_request_duration_seconds_bucket{{service=\"{Pick(Services)}\",route=\"/api/v1/orders/{{id}}\",le=\"0.{_random.Next(1, 999):000}\"}} {Long(7)} {_now.ToUnixTimeMilliseconds()} # {{trace_id=\"{Hex(32)}\"}} 0.{Long(9)} {_now.ToUnixTimeSeconds()}.{_random.Next(0, 999):000}");

    private string Build() => string.Create(
        CultureInfo.InvariantCulture,
        $"{_now:o} restored Npgsql {_random.Next(8, 11)}.0.{_random.Next(0, 9)}, OpenTelemetry 1.{_random.Next(9, 21)}.{_random.Next(0, 4)}-rc.{_random.Next(1, 3)} at commit {Hex(40)} ({Hex(9)}), sha256:{Hex(64)}, build {_now:yyyyMMdd}.{_random.Next(1, 40)}, image registry.example/platform@sha256:{Hex(64)}, order ORD-{_now:yyyy}-{Long(6)}, parcel 1Z{Code(16)}");

    private static string Object(params ReadOnlySpan<(string Name, string Value)> fields)
    {
        var json = new StringBuilder("{");
        foreach (var (name, value) in fields)
        {
            json.Append(json.Length > 1 ? "," : "").Append('"').Append(name).Append("\":").Append(value);
        }

        return json.Append('}').ToString();
    }

    private static string Quoted(string text) => $"\"{text}\"";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private string Long(int digits) => _random.NextInt64((long)Math.Pow(10, digits - 1), (long)Math.Pow(10, digits)).ToString(CultureInfo.InvariantCulture);

    private string Pick(string[] of) => of[_random.Next(of.Length)];

    private string Hex(int length) => Letters("0123456789abcdef", length);

    private string Code(int length) => Letters("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", length);

    private string Base64(int bytes)
    {
        Span<byte> buffer = stackalloc byte[bytes];
        _random.NextBytes(buffer);
        return Convert.ToBase64String(buffer).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }

    private string Letters(string alphabet, int length) => string.Create(length, (alphabet, _random), static (span, of) => of._random.GetItems(of.alphabet, span));

    // Version 7: milliseconds first (RFC 9562, section 5.7).
    private string Uuid()
    {
        var time = _now.ToUnixTimeMilliseconds().ToString("x12", CultureInfo.InvariantCulture);
        return $"{time[..8]}-{time[8..]}-7{Hex(3)}-{Letters("89ab", 1)}{Hex(3)}-{Hex(12)}";
    }
}
