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
 * The thread of a client's connection. What Redis answers comes on the one thread of its driver; a request goes back to
 * where it began, beside the connections to the contexts, so that the driver's thread does nobody's work.
 */
public final class ClientLoop {

    /** As many as there are loops. */
    private static final ConcurrentMap<EventLoop, Scheduler> LOOPS = new ConcurrentHashMap<>();

    private ClientLoop() {}

    public static Scheduler of(ServerWebExchange exchange) {
        Connection connection = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
        return LOOPS.computeIfAbsent(connection.channel().eventLoop(), Schedulers::fromExecutor);
    }
}
