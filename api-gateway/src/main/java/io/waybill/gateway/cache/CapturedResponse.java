package io.waybill.gateway.cache;

import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.AbstractServerHttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Takes a context's answer in place of the client's connection, so that the cache decides what becomes of it. */
final class CapturedResponse extends AbstractServerHttpResponse {

    /** Decides what becomes of an answer; its status and headers are those of the response by then. */
    @FunctionalInterface
    interface Receiver {
        Mono<Void> receive(CapturedResponse answer, Flux<DataBuffer> body, boolean streaming);
    }

    private final Receiver receiver;

    CapturedResponse(DataBufferFactory buffers, Receiver receiver) {
        super(buffers);
        this.receiver = receiver;
    }

    int status() {
        HttpStatusCode status = getStatusCode();
        return status == null ? 200 : status.value();
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals")
    public <T> T getNativeResponse() {
        throw new UnsupportedOperationException("there is no connection behind an answer that is still looked at");
    }

    @Override
    protected Mono<Void> writeWithInternal(Publisher<? extends DataBuffer> body) {
        return receiver.receive(this, Flux.from(body), false);
    }

    @Override
    protected Mono<Void> writeAndFlushWithInternal(Publisher<? extends Publisher<? extends DataBuffer>> body) {
        return receiver.receive(this, Flux.from(body).concatMap(part -> part), true);
    }

    @Override
    protected void applyStatusCode() {}

    @Override
    protected void applyHeaders() {}

    @Override
    protected void applyCookies() {}
}
