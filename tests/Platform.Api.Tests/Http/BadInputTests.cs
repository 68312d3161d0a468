using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Platform.Api.Tests.Support;
using Platform.Errors;

namespace Platform.Api.Tests.Http;

/// <summary>Whatever is sent, the answer is a problem document that says what is wrong, and nothing is saved of it.</summary>
public sealed class BadInputTests(ApiHost api) : IClassFixture<ApiHost>
{
    private const string UnknownId = "01900000-0000-7000-8000-000000000001";

    private static readonly string[] Tables =
        ["commerce.orders", "commerce.order_lines", "commerce.customers", "commerce.products", "platform.core_outbox_event"];

    public static TheoryData<string, string, string[]> Orders() => new()
    {
        { """{ "customerId": "$C", "lines": [{ "productId": "$X", "quantity": 1 }] }""", "VALIDATION_ERROR", ["/lines/0/productId not_found"] },
        { """{ "customerId": "$X", "lines": [{ "productId": "$P", "quantity": 1 }] }""", "VALIDATION_ERROR", ["/customerId not_found"] },
        { """{ "customerId": "$C", "lines": [{ "productId": "$P", "quantity": 0 }] }""", "VALIDATION_ERROR", ["/lines/0/quantity out_of_range"] },
        { """{ "customerId": "$C", "lines": [{ "productId": "$P", "quantity": -5 }] }""", "VALIDATION_ERROR", ["/lines/0/quantity out_of_range"] },
        { """{ "customerId": "$C", "lines": [{ "productId": "$P", "quantity": 1001 }] }""", "VALIDATION_ERROR", ["/lines/0/quantity out_of_range"] },
        { """{ "customerId": "$C", "lines": [{ "productId": "$P", "quantity": 99999999999 }] }""", "VALIDATION_ERROR", ["/lines/0/quantity invalid"] },
        { """{ "customerId": "$C", "lines": [{ "productId": "$P", "quantity": 1.5 }] }""", "VALIDATION_ERROR", ["/lines/0/quantity invalid"] },
        { """{ "customerId": "$C", "lines": [{ "productId": "$P", "quantity": "2" }] }""", "VALIDATION_ERROR", ["/lines/0/quantity invalid"] },
        { """{ "customerId": "$C", "lines": [{ "productId": "$P" }] }""", "VALIDATION_ERROR", ["/lines/0/quantity required"] },
        { """{ "customerId": "$C", "lines": [{ "productId": "$P", "quantity": 1 }, { "productId": "$P", "quantity": 1 }] }""", "VALIDATION_ERROR", ["/lines/1/productId duplicate"] },
        { """{ "customerId": "$C", "lines": [null] }""", "VALIDATION_ERROR", ["/lines/0/productId required", "/lines/0/quantity required"] },
        { """{ "customerId": "$C", "lines": [] }""", "VALIDATION_ERROR", ["/lines required"] },
        { """{ "customerId": "$C", "lines": {} }""", "VALIDATION_ERROR", ["/lines invalid"] },
        { """{ "customerId": "not-a-uuid", "lines": [] }""", "VALIDATION_ERROR", ["/customerId invalid"] },
        { """{ "customerId": 7, "lines": [] }""", "VALIDATION_ERROR", ["/customerId invalid"] },
        { """{ "CustomerId": "$C", "LINES": [] }""", "VALIDATION_ERROR", ["/customerId required", "/lines required"] },
        { """{ "customerId": "$C", "customerId": "$C", "lines": [] }""", "VALIDATION_ERROR", ["/customerId invalid"] },
        { """{ "customerId": "$C", "lines": [{ "productId": "$P", "quantity": 1 }], "reference": "a\u0000b" }""", "VALIDATION_ERROR", ["/reference invalid"] },
        { """{ "customerId": "$C", "lines": [{ "productId": "$P", "quantity": 1 }], "reference": "\ud800" }""", "VALIDATION_ERROR", ["/reference invalid"] },
        { """{}""", "VALIDATION_ERROR", ["/customerId required", "/lines required"] },
        {
            """{ "customerId": 7, "lines": [{ "productId": [], "quantity": "2" }, { "quantity": {} }, 3], "reference": true }""",
            "VALIDATION_ERROR",
            ["/customerId invalid", "/lines/0/productId invalid", "/lines/0/quantity invalid", "/lines/1/quantity invalid", "/lines/2 invalid", "/reference invalid"]
        },
        { """[]""", "VALIDATION_ERROR", [" invalid"] },
        { """ "text" """, "VALIDATION_ERROR", [" invalid"] },
        { """null""", "INVALID_INPUT", [] },
        { "", "INVALID_INPUT", [] },
        { """{ "customerId": """, "INVALID_INPUT", [] },
        { """{ "customerId": "$C", } """, "INVALID_INPUT", [] },
        { """{ /* comment */ }""", "INVALID_INPUT", [] },
        { """{} {}""", "INVALID_INPUT", [] },
        { """{ 'customerId': 1 }""", "INVALID_INPUT", [] },
        { """{ "customerId": NaN }""", "INVALID_INPUT", [] },
        { """{ "deep": [[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]] }""", "INVALID_INPUT", [] },
    };

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Bad_order_is_refused_and_nothing_of_it_is_saved(string body, string code, string[] fields)
    {
        var before = await CountsAsync();
        using var response = await api.Client.PostJsonAsync("/api/v1/orders", await FilledAsync(body));
        var problem = await response.AssertProblemAsync(ErrorCode.All.Single(entry => entry.Code == code));
        Assert.Equal(fields, problem.Fields());
        Assert.Equal(before, await CountsAsync());
    }

    [Fact]
    public async Task Order_with_too_many_lines_is_refused()
    {
        var lines = string.Join(',', Enumerable.Repeat($$"""{ "productId": "{{UnknownId}}", "quantity": 1 }""", 101));
        using var response = await api.Client.PostJsonAsync("/api/v1/orders", await FilledAsync($$"""{ "customerId": "$C", "lines": [{{lines}}] }"""));
        Assert.Equal(["/lines too_many"], (await response.AssertProblemAsync(ErrorCode.ValidationError)).Fields());
    }

    [Fact]
    public async Task Wrong_types_are_all_named_in_a_body_of_unknown_length_and_behind_an_idempotency_key_too()
    {
        using var chunked = Request(new ByteArrayContent("""{ "customerId": 7, "lines": {} }"""u8.ToArray()));
        chunked.Headers.TransferEncodingChunked = true;
        chunked.Headers.Add("Idempotency-Key", "wrong-types");
        using var response = await api.Client.SendAsync(chunked, TestContext.Current.CancellationToken);
        Assert.Equal(["/customerId invalid", "/lines invalid"], (await response.AssertProblemAsync(ErrorCode.ValidationError)).Fields());
    }

    [Theory]
    [InlineData("POST", "/api/v1/products", """{ "sku": "", "price": { "currency": "eur" } }""", "/price/amount required,/sku required,/name required,/price/currency invalid")]
    [InlineData("PATCH", "/api/v1/products/$P", """{ "sku": 1, "price": { "amount": "x", "currency": false } }""", "/sku invalid,/price/amount invalid,/price/currency invalid")]
    [InlineData("PUT", "/api/v1/breakers/x/options", """{ "windowMs": -1, "timeoutMs": 0 }""", "/reason required,/windowMs out_of_range,/timeoutMs out_of_range")]
    [InlineData("POST", "/api/v1/flags/switches", """{ "name": 1, "active": "x", "nothing": 1 }""", "/name invalid,/active invalid,/nothing invalid")]
    [InlineData("POST", "/api/v1/flags/switches", """{ "name": "half", "active": true, "definition": { "a": "\ud800" } }""", " invalid")]
    [InlineData("PUT", "/api/v1/flags/checkout_v2/metadata", """{ "owner": "shop", "deployment": { "a": [{ "b": "\ud800" }] } }""", "/deployment invalid")]
    [InlineData("GET", "/api/v1/orders?limit=0&status=x&customerId=1&no=1&sort=x", null, "/status invalid,/customerId invalid,/no unknown,/sort invalid,/limit out_of_range")]
    [InlineData("GET", "/api/v1/products?cursor=x&active=perhaps", null, "/active invalid,/cursor invalid")]
    [InlineData("GET", "/api/v1/audit?sort=occurredAt&from=x&limit=-1", null, "/from invalid,/sort invalid,/limit out_of_range")]
    [InlineData("GET", "/api/v1/budgets/history?route=x&minutes=0", null, "/route invalid,/minutes out_of_range")]
    [InlineData("GET", "/api/v1/budgets/history?minutes=soon", null, "/route required,/minutes invalid")]
    [InlineData("DELETE", "/api/v1/budgets?route=x&reason=", null, "/reason required,/route invalid")]
    public async Task Everything_that_is_wrong_with_a_request_is_named_at_once(string method, string path, string? body, string fields)
    {
        var address = await FilledAsync(path);
        using var request = new HttpRequestMessage(new HttpMethod(method), address) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        using var response = await api.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(fields.Split(','), (await response.AssertProblemAsync(ErrorCode.ValidationError)).Fields());
    }

    [Theory]
    [InlineData("/api/v1/budgets", "/route required,/reason required")]
    [InlineData("/api/v1/logging/levels?category=x", "/reason required")]
    public async Task Parameters_that_are_required_and_absent_are_named(string path, string fields)
    {
        using var response = await api.Client.DeleteAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(fields.Split(','), (await response.AssertProblemAsync(ErrorCode.MissingRequiredField)).Fields());
    }

    [Fact]
    public async Task Unknown_members_are_ignored()
    {
        var body = (await api.Client.OrderBodyAsync()).Replace("\"lines\"", "\"later\": { \"a\": [1] }, \"lines\"", StringComparison.Ordinal);
        using var response = await api.Client.PostJsonAsync("/api/v1/orders", body);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Theory]
    [InlineData(65_537)]
    [InlineData(200_000)]
    [InlineData(1_000_000)]
    public async Task Body_over_the_limit_is_refused_however_it_is_sent(int size)
    {
        var before = await CountsAsync();
        var bytes = Encoding.UTF8.GetBytes($$"""{ "reference": "{{new string('x', size)}}" }""");

        using var counted = await api.Client.SendAsync(Request(new ByteArrayContent(bytes)), TestContext.Current.CancellationToken);
        await counted.AssertProblemAsync(ErrorCode.PayloadTooLarge);

        using var chunked = Request(new ByteArrayContent(bytes));
        chunked.Headers.TransferEncodingChunked = true;
        using var response = await api.Client.SendAsync(chunked, TestContext.Current.CancellationToken);
        await response.AssertProblemAsync(ErrorCode.PayloadTooLarge);
        Assert.Equal(before, await CountsAsync());
    }

    [Fact]
    public async Task Client_that_asks_before_it_sends_a_huge_body_is_spared_the_sending()
    {
        using var request = Request(new ByteArrayContent(new byte[50_000_000]));
        request.Headers.ExpectContinue = true;
        using var response = await api.Client.SendAsync(request, TestContext.Current.CancellationToken);
        await response.AssertProblemAsync(ErrorCode.PayloadTooLarge);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=no-such")]
    [InlineData(null)]
    public async Task Body_of_another_media_type_is_refused(string? type)
    {
        var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        using var response = await api.Client.SendAsync(Request(content), TestContext.Current.CancellationToken);
        await response.AssertProblemAsync(ErrorCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task Body_that_is_not_utf_8_is_refused()
    {
        var content = new ByteArrayContent([.. "{\"reference\":\""u8, 0xFF, 0xC0, .. "\"}"u8]);
        content.Headers.ContentType = new("application/json");
        using var response = await api.Client.SendAsync(Request(content), TestContext.Current.CancellationToken);
        await response.AssertProblemAsync(ErrorCode.ValidationError);
    }

    [Theory]
    [InlineData("/api/v1/orders/" + UnknownId)]
    [InlineData("/api/v1/orders/abc")]
    [InlineData("/api/v1/orders/" + UnknownId + "/lines")]
    [InlineData("/api/v1/nothing")]
    [InlineData("/api/v2/orders")]
    [InlineData("/nothing")]
    public async Task What_is_not_there_is_not_found(string path)
    {
        using var response = await api.Client.GetAsync(path, TestContext.Current.CancellationToken);
        await response.AssertProblemAsync(ErrorCode.ResourceNotFound);
    }

    [Theory]
    [InlineData("DELETE", "/api/v1/orders/" + UnknownId, "GET, PATCH, PUT")]
    [InlineData("PATCH", "/api/v1/customers", "GET, POST")]
    [InlineData("GET", "/api/v1/orders/" + UnknownId + "/ship", "POST")]
    public async Task Method_that_an_address_does_not_know_is_told_those_that_it_does(string method, string path, string allow)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await api.Client.SendAsync(request, TestContext.Current.CancellationToken);
        await response.AssertProblemAsync(ErrorCode.MethodNotAllowed);
        Assert.Equal(allow, string.Join(", ", response.Content.Headers.Allow.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Without_a_token_an_address_that_is_not_there_looks_like_one_that_is()
    {
        using var response = await api.Anonymous.GetAsync("/api/v1/nothing", TestContext.Current.CancellationToken);
        await response.AssertProblemAsync(ErrorCode.Unauthenticated);
    }

    [Fact]
    public async Task Client_that_leaves_in_the_middle_of_its_body_leaves_nothing_behind()
    {
        var before = await CountsAsync();
        var address = api.Client.BaseAddress!;
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
            var head = $"POST /api/v1/orders HTTP/1.1\r\nHost: x\r\nAuthorization: {api.Client.DefaultRequestHeaders.Authorization}\r\n"
                + "Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"customerId\":";
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
        }

        using var next = await api.Client.GetAsync("/api/v1/orders?limit=1", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        Assert.Equal(before, await CountsAsync());
    }

    private static HttpRequestMessage Request(ByteArrayContent content)
    {
        content.Headers.ContentType ??= content.Headers.ContentLength > 10 ? new("application/json") : null;
        return new HttpRequestMessage(HttpMethod.Post, "/api/v1/orders") { Content = content };
    }

    private async Task<string> FilledAsync(string body) => body
        .Replace("$C", await api.Client.AnyIdAsync("/api/v1/customers"), StringComparison.Ordinal)
        .Replace("$P", await api.Client.AnyIdAsync("/api/v1/products"), StringComparison.Ordinal)
        .Replace("$X", UnknownId, StringComparison.Ordinal);

    private async Task<long[]> CountsAsync()
    {
        var counts = new long[Tables.Length];
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = await api.CountAsync(Tables[i]);
        }

        return counts;
    }
}
