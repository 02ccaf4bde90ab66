package io.waybill.gateway.performance;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Stands in for contexts, on the ports that it is given: answers at once with what the real ones send, in length and
 * headers, so that they are not what is measured.
 */
final class StubContexts {

    static final String PRODUCT = """
        {"sku":"MUG-ENAMEL","name":"Enamel mug, 350 ml","price":{"amount":"12.50","currency":"EUR"},\
        "available":998}\
        """;

    private static final String ORDER = """
        {"orderId":"ord_01a2042e-36c3-7d81-babe-7e024484c768","status":"CONFIRMED","reason":null,\
        "lines":[{"sku":"MUG-ENAMEL","quantity":2,"unitPrice":{"amount":"12.50","currency":"EUR"}},\
        {"sku":"LANTERN-CAMP","quantity":1,"unitPrice":{"amount":"39.90","currency":"EUR"}}],\
        "total":{"amount":"64.90","currency":"EUR"},\
        "payment":{"paymentId":"pay_01a2042e-36c3-7d81-babe-7e024484c768","status":"COMPLETED"},\
        "shipment":{"shipmentId":"shp_01a2042e-36c3-7d81-babe-7e024484c768","status":"CREATED",\
        "trackingNumber":"WB0123456789"},"placedAt":"2026-01-31T12:00:00.123456Z",\
        "updatedAt":"2026-01-31T12:00:00.987654Z"}\
        """;

    private StubContexts() {}

    public static void main(String[] ports) {
        Program.endWithParent();
        Arrays.stream(ports)
                .map(port -> serve(Integer.parseInt(port)))
                .toList()
                // Its threads alone keep no process alive.
                .forEach(server -> server.onDispose().block());
    }

    private static DisposableServer serve(int port) {
        return HttpServer.create()
                .host("127.0.0.1")
                .port(port)
                .handle(StubContexts::answer)
                .bindNow();
    }

    private static Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        var isProduct = request.uri().startsWith("/api/products");
        var body = isProduct ? PRODUCT : ORDER;
        var headers = response.responseHeaders()
                .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length())
                .set(HttpHeaderNames.ETAG, "\"0b5a0f6c2a7d4c1e\"");
        if (isProduct) {
            isPublic(headers);
        } else {
            headers.set(HttpHeaderNames.CACHE_CONTROL, "private, no-cache");
        }
        return response.sendByteArray(Mono.just(body.getBytes(StandardCharsets.UTF_8)));
    }

    private static void isPublic(HttpHeaders headers) {
        headers.set(HttpHeaderNames.CACHE_CONTROL, "no-cache")
                .set("CDN-Cache-Control", "public, max-age=300, stale-while-revalidate=60, stale-if-error=3600")
                .set("Waybill-Read-Position", "1234:567")
                .set("Waybill-Stream-Head", "1234:567");
    }
}
