package io.waybill.gateway.admission;

import io.netty.channel.Channel;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.waybill.gateway.EarlyProblems;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.web.embedded.netty.NettyServerCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

/** Cuts off clients that are too slow to ask or to listen, so that they hold no connection and no place for ever. */
@Component
final class ClientPace implements NettyServerCustomizer {

    private final AdmissionSettings settings;
    private final EarlyProblems problems;

    ClientPace(AdmissionSettings settings, EarlyProblems problems) {
        this.settings = settings;
        this.problems = problems;
    }

    @Override
    public HttpServer apply(HttpServer server) {
        return server.doOnChannelInit((observer, channel, remote) -> watch(channel));
    }

    private void watch(Channel channel) {
        var heads = new RequestHeads(settings.headTimeout(), problems::of);
        channel.pipeline()
                .addBefore(NettyPipeline.HttpCodec, "waybill.slow-heads", heads.bytes())
                .addAfter(NettyPipeline.HttpCodec, "waybill.heads", heads)
                .addFirst(
                        "waybill.slow-readers",
                        new WriteTimeoutHandler(settings.readTimeout().toMillis(), TimeUnit.MILLISECONDS));
    }
}
