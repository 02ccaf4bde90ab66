package io.waybill.gateway.cache;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Writes answers to clients, without what the contexts tell the cache alone. */
final class ClientAnswer {

    /** How far the read model was that an answer was made of. */
    static final String READ_POSITION = "Waybill-Read-Position";

    /** How far the context's stream went when an answer was made. */
    static final String STREAM_HEAD = "Waybill-Stream-Head";

    private static final String TARGETED = CachePolicy.TARGETED.toLowerCase(Locale.ROOT);

    /** What speaks of a body that a 304 does not have. */
    private static final Set<String> OF_A_BODY =
            Set.of("content-length", "content-type", "content-encoding", "content-range", "content-language");

    private ClientAnswer() {}

    /** The answer of the origin as it comes. */
    static Mono<Void> passOn(
            ServerWebExchange exchange,
            int status,
            HeaderLines headers,
            Flux<DataBuffer> body,
            boolean streaming,
            CacheStatus cacheStatus) {
        start(exchange, status, headers, cacheStatus);
        var response = exchange.getResponse();
        return streaming ? response.writeAndFlushWith(body.map(Flux::just)) : response.writeWith(body);
    }

    /** An answer of the origin that was taken in as a whole. */
    static Mono<Void> whole(
            ServerWebExchange exchange, int status, HeaderLines headers, byte[] body, CacheStatus cacheStatus) {
        start(exchange, status, headers, cacheStatus);
        return write(exchange, body);
    }

    /** 304 instead of an answer that the client has. */
    static Mono<Void> notModified(
            ServerWebExchange exchange, HeaderLines headers, Duration age, CacheStatus cacheStatus) {
        start(exchange, 304, headers.without(OF_A_BODY::contains), cacheStatus);
        age(exchange, age);
        return exchange.getResponse().setComplete();
    }

    /** A stored answer. */
    static Mono<Void> stored(ServerWebExchange exchange, StoredAnswer stored, Duration age, CacheStatus cacheStatus) {
        start(exchange, stored.status(), stored.headers(), cacheStatus);
        age(exchange, age);
        var body = stored.body();
        if (stored.status() == 204) {
            return exchange.getResponse().setComplete();
        }
        exchange.getResponse().getHeaders().setContentLength(body.length());
        return write(exchange, body.bytes());
    }

    /** A part of a stored answer. */
    static Mono<Void> part(
            ServerWebExchange exchange, StoredAnswer stored, ByteRange range, Duration age, CacheStatus cacheStatus) {
        start(exchange, 206, stored.headers(), cacheStatus);
        age(exchange, age);
        var headers = exchange.getResponse().getHeaders();
        headers.set(HttpHeaders.CONTENT_RANGE, range.contentRange(stored.body().length()));
        headers.setContentLength(range.length());
        return write(exchange, Arrays.copyOfRange(stored.body().bytes(), range.first(), range.last() + 1));
    }

    private static void start(ServerWebExchange exchange, int status, HeaderLines headers, CacheStatus cacheStatus) {
        var response = exchange.getResponse();
        response.setStatusCode(HttpStatusCode.valueOf(status));
        var target = response.getHeaders();
        var visible = headers.without(TARGETED::equals);
        visible.lines().forEach(line -> target.remove(line.name()));
        visible.lines().forEach(line -> target.add(line.name(), line.value()));
        target.add(CacheStatus.HEADER, cacheStatus.toString());
    }

    private static void age(ServerWebExchange exchange, Duration age) {
        exchange.getResponse().getHeaders().set(HttpHeaders.AGE, Long.toString(age.toSeconds()));
    }

    private static Mono<Void> write(ServerWebExchange exchange, byte[] body) {
        var response = exchange.getResponse();
        return body.length == 0
                ? response.setComplete()
                : response.writeWith(
                        Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
    }
}
