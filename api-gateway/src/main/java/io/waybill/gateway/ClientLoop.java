package io.waybill.gateway;

import io.netty.channel.EventLoop;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;

/**
 * The thread of a client's connection, where all of a request is done: its timers run there, the connections to the
 * contexts are there, and what Redis answers on another thread goes back there. Nothing is handed around that way.
 */
public final class ClientLoop {

    /** As many as there are loops. */
    private static final ConcurrentMap<EventLoop, Scheduler> LOOPS = new ConcurrentHashMap<>();

    private static final String LOOP = ClientLoop.class.getName();

    private ClientLoop() {}

    public static Scheduler of(ServerWebExchange exchange) {
        return LOOPS.computeIfAbsent(loopOf(exchange), Schedulers::fromExecutorService);
    }

    /** Remembered, for a stale answer is renewed when its client may have gone, and then its channel knows no loop. */
    static EventLoop loopOf(ServerWebExchange exchange) {
        return (EventLoop) exchange.getAttributes().computeIfAbsent(LOOP, name -> {
            Connection connection = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
            return connection.channel().eventLoop();
        });
    }
}
