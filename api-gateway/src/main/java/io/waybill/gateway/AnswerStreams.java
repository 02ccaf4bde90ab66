package io.waybill.gateway;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.reactivestreams.Publisher;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.NettyWriteResponseFilter;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Watches over the bodies of answers: an ordinary one may not stall, and a live one, which has no end of its own, ends
 * when the gateway stops, so that it holds up no graceful shutdown.
 */
@Component
final class AnswerStreams implements GlobalFilter, Ordered, SmartLifecycle {

    private final Duration stall;
    private final Sinks.Empty<Void> stopping = Sinks.empty();
    private volatile boolean running;

    AnswerStreams(GatewaySettings settings) {
        this.stall = settings.responseTimeout();
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        var reading = exchange.getRequest().getMethod().equals(HttpMethod.GET);
        return chain.filter(exchange.mutate()
                .response(new Watched(exchange.getResponse(), reading, ClientLoop.of(exchange)))
                .build());
    }

    @Override
    public int getOrder() {
        return NettyWriteResponseFilter.WRITE_RESPONSE_FILTER_ORDER - 1;
    }

    @Override
    public void start() {
        running = true;
    }

    /** Runs before the web server waits for requests under way: the default phase is the first to stop. */
    @Override
    public void stop() {
        running = false;
        stopping.tryEmitEmpty().orThrow();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private final class Watched extends ServerHttpResponseDecorator {

        private final boolean reading;
        private final Scheduler timer;

        Watched(ServerHttpResponse response, boolean reading, Scheduler timer) {
            super(response);
            this.reading = reading;
            this.timer = timer;
        }

        @Override
        public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
            // Told what to do then, the operator makes no description of what may be late, for each answer.
            return super.writeWith(Flux.<DataBuffer>from(body).timeout(stall, Flux.error(this::stalled), timer));
        }

        /** Who only reads may ask again; others must know that it may have happened. */
        private Exception stalled() {
            var late = new TimeoutException("the answer stalled");
            return reading ? new IOException("the answer stalled", late) : late;
        }

        @Override
        public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
            return super.writeAndFlushWith(Flux.from(body).takeUntilOther(stopping.asMono()));
        }
    }
}
