package io.waybill.gateway;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.waybill.gateway.tracing.TraceHeaders;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.gateway.config.HttpClientProperties;
import org.springframework.cloud.gateway.filter.NettyRoutingFilter;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.LoopResources;

/**
 * Asks the contexts over connections that live on the loop of the client's connection. From a pool for all loops, most
 * requests would get a connection of another one, and each wakes two threads then.
 */
@Component
final class ContextCalls extends NettyRoutingFilter {

    private static final List<HttpHeadersFilter> HEADERS = List.of(new EndToEndHeaders(), new TraceHeaders());

    private final HttpClient client;
    private final ConcurrentMap<EventLoop, HttpClient> clients = new ConcurrentHashMap<>();

    ContextCalls(HttpClient client, ObjectProvider<List<HttpHeadersFilter>> headers, HttpClientProperties properties) {
        super(client, headers, properties);
        this.client = client;
    }

    @Override
    public List<HttpHeadersFilter> getHeadersFilters() {
        return HEADERS;
    }

    @Override
    protected HttpClient getHttpClient(Route route, ServerWebExchange exchange) {
        // The pool is told apart by what a client runs on.
        return clients.computeIfAbsent(ClientLoop.loopOf(exchange), loop -> client.runOn(new One(loop)));
    }

    private record One(EventLoop loop) implements LoopResources {

        @Override
        public EventLoopGroup onServer(boolean useNative) {
            return loop;
        }

        @Override
        public <C extends Channel> C onChannel(Class<C> type, EventLoopGroup group) {
            return LoopResources.super.onChannel(type, loop.parent());
        }

        @Override
        public <C extends Channel> Class<? extends C> onChannelClass(Class<C> type, EventLoopGroup group) {
            return LoopResources.super.onChannelClass(type, loop.parent());
        }
    }
}
