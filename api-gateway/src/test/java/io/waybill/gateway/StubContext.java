package io.waybill.gateway;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** Stands for a context: remembers what reached it and answers as it was told. */
public final class StubContext implements AutoCloseable {

    public record Seen(String method, String target, HttpHeaders headers, String body) {}

    @FunctionalInterface
    public interface Answer {
        Publisher<Void> to(HttpServerResponse response);
    }

    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final DisposableServer server;
    private volatile Answer answer = json(200, "{}");
    private final AtomicInteger askedWhetherReady = new AtomicInteger();
    private volatile boolean isReady;

    StubContext() {
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> request.receive()
                        .aggregate()
                        .asString()
                        .defaultIfEmpty("")
                        .flatMap(body -> {
                            if (request.uri().equals("/readyz")) {
                                askedWhetherReady.incrementAndGet();
                                return Mono.from((isReady ? json(200, "{}") : answer).to(response));
                            }
                            seen.add(seen(request, body));
                            return Mono.from(answer.to(response));
                        }))
                .bindNow();
    }

    public static Answer json(int status, String body) {
        return response -> response.status(status)
                .header(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .sendString(Mono.just(body));
    }

    public static Answer silence() {
        return response -> Mono.never();
    }

    public static Answer reset() {
        return response -> {
            response.withConnection(Connection::dispose);
            return Mono.never();
        };
    }

    public void answers(Answer next) {
        answer = next;
    }

    /** Says that it is ready, whatever it answers otherwise. */
    public void saysThatItIsReady() {
        isReady = true;
    }

    public int askedWhetherReady() {
        return askedWhetherReady.get();
    }

    public List<Seen> seen() {
        return seen;
    }

    public Seen last() {
        return seen.getLast();
    }

    void forget() {
        seen.clear();
        answer = json(200, "{}");
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    @Override
    public void close() {
        server.disposeNow();
    }

    private static Seen seen(HttpServerRequest request, String body) {
        return new Seen(
                request.method().name(), request.uri(), request.requestHeaders().copy(), body);
    }
}
