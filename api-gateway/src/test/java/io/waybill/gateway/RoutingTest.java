package io.waybill.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import reactor.core.publisher.Mono;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RoutingTest {

    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = new RunningGateway();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void forget() {
        gateway.forget();
    }

    @ParameterizedTest(name = "{0} {1} goes to {2}")
    @CsvSource({
        "POST, /api/orders, ORDER",
        "GET, /api/orders, ORDER",
        "GET, /api/orders/o-1, ORDER",
        "GET, /api/orders/o-1/history, ORDER",
        "GET, /api/orders/o-1/updates, ORDER",
        "POST, /api/orders/o-1/cancellation, ORDER",
        "GET, /api/payments/p-1, PAYMENT",
        "GET, /api/products, INVENTORY",
        "GET, /api/products/mug, INVENTORY",
        "PUT, /api/products/mug, INVENTORY",
        "POST, /api/products/mug/stock, INVENTORY",
        "GET, /api/shipments/s-1, SHIPPING",
        "POST, /api/shipments/s-1/dispatch, SHIPPING",
        "POST, /api/shipments/s-1/delivery, SHIPPING",
        "GET, /api/admin/order/processors/fulfilment, ORDER",
        "POST, /api/admin/payment/processors/ledger/replay, PAYMENT",
        "DELETE, /api/admin/inventory/parked/7, INVENTORY",
        "PATCH, /api/admin/shipping/parked/7, SHIPPING",
        "PUT, /api/admin/shipping/parked/7, SHIPPING",
        "GET, /api/admin/order, ORDER",
        "HEAD, /api/admin/order/x, ORDER",
        "HEAD, /api/orders, ORDER",
        "HEAD, /api/orders/o-1, ORDER",
        "HEAD, /api/products/mug, INVENTORY",
    })
    void every_operation_reaches_its_context_and_no_other(String method, String path, BoundedContext context) {
        gateway.client()
                .method(HttpMethod.valueOf(method))
                .uri(path)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody();

        assertThat(gateway.context(context).seen()).hasSize(1);
        assertThat(gateway.context(context).last().method()).isEqualTo(method);
        assertThat(gateway.context(context).last().target()).isEqualTo(path);
        assertThat(Arrays.stream(BoundedContext.values()).filter(other -> other != context))
                .allSatisfy(other -> assertThat(gateway.context(other).seen()).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/orders", "/api/admin/processors", "/openapi.json", "/docs", "/.well-known/jwks.json"})
    void head_is_answered_as_get_is_but_without_a_body(String path) throws Exception {
        for (var context : BoundedContext.values()) {
            gateway.context(context).answers(StubContext.json(200, "{\"items\":[]}"));
        }
        var whole = gateway.client().get().uri(path).exchange().expectBody().returnResult();

        var head = gateway.client().head().uri(path).exchange().expectBody().returnResult();

        assertThat(head.getStatus()).isEqualTo(whole.getStatus());
        assertThat(head.getResponseHeaders().getContentType())
                .isEqualTo(whole.getResponseHeaders().getContentType());
        assertThat(head.getResponseBody()).isNull();
    }

    @Test
    void body_and_headers_reach_the_context_unchanged() {
        var authorization = RunningGateway.ISSUER.token("cus_1");
        gateway.client()
                .post()
                .uri("/api/orders")
                .contentType(MediaType.APPLICATION_JSON)
                .header("Idempotency-Key", "\"k-1\"")
                .header("Prefer", "respond-async, wait=5")
                .header("Waybill-Consistency", "17.4")
                .header("Authorization", authorization)
                .bodyValue("{\"lines\":[{\"sku\":\"mug\",\"quantity\":1}],\"note\":\"Grüße\"}")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody();

        var seen = gateway.context(BoundedContext.ORDER).last();
        assertThat(seen.body()).isEqualTo("{\"lines\":[{\"sku\":\"mug\",\"quantity\":1}],\"note\":\"Grüße\"}");
        assertThat(seen.headers().get("Content-Type")).isEqualTo("application/json");
        assertThat(seen.headers().get("Idempotency-Key")).isEqualTo("\"k-1\"");
        assertThat(seen.headers().get("Prefer")).isEqualTo("respond-async, wait=5");
        assertThat(seen.headers().get("Waybill-Consistency")).isEqualTo("17.4");
        assertThat(seen.headers().get("Authorization")).isEqualTo(authorization);
    }

    @Test
    void status_headers_and_body_of_the_context_reach_the_client_unchanged() {
        gateway.context(BoundedContext.ORDER)
                .answers(response -> response.status(202)
                        .header("Content-Type", "application/json")
                        .header("Location", "/api/orders/o-1")
                        .header("Waybill-Consistency", "17.5")
                        .sendString(Mono.just("{\"orderId\":\"o-1\",\"status\":\"PLACED\"}")));

        gateway.client()
                .post()
                .uri("/api/orders")
                .bodyValue("{}")
                .exchange()
                .expectStatus()
                .isAccepted()
                .expectHeader()
                .valueEquals("Location", "/api/orders/o-1")
                .expectHeader()
                .valueEquals("Waybill-Consistency", "17.5")
                .expectBody(String.class)
                .isEqualTo("{\"orderId\":\"o-1\",\"status\":\"PLACED\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/orders/o-1", "/api/orders/o-1/updates", "/api/products"})
    void what_contexts_tell_the_gateway_does_not_reach_the_client(String path) {
        for (var context : List.of(BoundedContext.ORDER, BoundedContext.INVENTORY)) {
            gateway.context(context)
                    .answers(response -> response.header("Waybill-Read-Position", "1:1")
                            .header("Waybill-Anything", "1")
                            .header("Waybill-Consistency", "17.5")
                            .sendString(Mono.just("{}")));
        }

        gateway.client()
                .get()
                .uri(path)
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .doesNotExist("Waybill-Read-Position")
                .expectHeader()
                .doesNotExist("Waybill-Anything")
                .expectHeader()
                .valueEquals("Waybill-Consistency", "17.5");
    }

    @Test
    void a_problem_of_the_context_reaches_the_client_unchanged() {
        var problem = "{\"type\":\"about:blank\",\"status\":409,\"code\":\"ORDER_ALREADY_DISPATCHED\"}";
        gateway.context(BoundedContext.ORDER)
                .answers(response -> response.status(409)
                        .header("Content-Type", "application/problem+json")
                        .sendString(Mono.just(problem)));

        gateway.client()
                .post()
                .uri("/api/orders/o-1/cancellation")
                .bodyValue("{\"reason\":\"changed my mind\"}")
                .exchange()
                .expectStatus()
                .isEqualTo(409)
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectBody(String.class)
                .isEqualTo(problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/orders?limit=5&cursor=a%2Fb%3D%3D",
                "/api/orders?q=a+b&q=%20c",
                "/api/orders?empty=&flag",
                "/api/orders?brackets=(1)&percent=%2520",
                "/api/orders/caf%C3%A9%20100%25",
                "/api/products/a+b:c@d,e",
            })
    void path_and_query_reach_the_context_byte_for_byte(String target) {
        gateway.client()
                .get()
                .uri(gateway.at(target))
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody();

        var context = target.contains("products") ? BoundedContext.INVENTORY : BoundedContext.ORDER;
        assertThat(gateway.context(context).last().target()).isEqualTo(target);
    }

    @Test
    void a_body_sent_in_pieces_of_unknown_length_arrives_whole() throws Exception {
        var answer = gateway.raw("""
            POST /api/orders HTTP/1.1
            Host: x
            Connection: close
            Transfer-Encoding: chunked

            2
            {"
            5
            a":1}
            0

            """);

        assertThat(answer).startsWith("HTTP/1.1 200");
        assertThat(gateway.context(BoundedContext.ORDER).last().body()).isEqualTo("{\"a\":1}");
        assertThat(gateway.context(BoundedContext.ORDER).last().headers().get("Content-Length"))
                .isEqualTo("7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-HTTP-Method-Override: DELETE",
                "X-HTTP-Method: DELETE",
                "X-Method-Override: DELETE",
                "X-Original-URL: /api/admin/order/x",
                "Forwarded: for=10.0.0.1;host=evil.example",
                "X-Forwarded-For: 10.0.0.1",
                "X-Forwarded-Host: evil.example",
                "X-Forwarded-Prefix: /evil",
                "x-forwarded-anything: evil",
                "Waybill-User: operator",
                "WAYBILL-ROLES: operator",
                "Upgrade: websocket",
                "Expect: 100-continue",
                "TE: trailers",
                "Keep-Alive: timeout=5",
            })
    void what_a_client_has_no_say_in_never_reaches_the_context(String header) throws Exception {
        var answer = gateway.raw("""
            POST /api/orders HTTP/1.1
            Host: evil.example
            Connection: close
            Content-Length: 2
            %s

            {}\
            """.formatted(header));

        var seen = gateway.context(BoundedContext.ORDER).last();
        assertThat(answer).contains("HTTP/1.1 200");
        assertThat(seen.method()).isEqualTo("POST");
        assertThat(seen.target()).isEqualTo("/api/orders");
        assertThat(seen.headers().get(header.substring(0, header.indexOf(':')))).isNull();
        assertThat(seen.headers().toString()).doesNotContain("evil");
    }

    @Test
    void a_web_socket_is_an_ordinary_request() throws Exception {
        gateway.raw("""
            GET /api/orders HTTP/1.1
            Host: x
            Connection: Upgrade, close
            Upgrade: websocket
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

            """);

        assertThat(gateway.context(BoundedContext.ORDER).last().target()).isEqualTo("/api/orders");
        assertThat(gateway.context(BoundedContext.ORDER).last().headers().contains("Upgrade"))
                .isFalse();
    }
}
