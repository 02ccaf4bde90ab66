package io.waybill.gateway.admission;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.channel.Channel;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.waybill.gateway.ProblemCode;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.web.embedded.netty.NettyServerCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

/** Cuts off clients that are too slow to ask or to listen, so that they hold no connection and no place for ever. */
@Component
final class ClientPace implements NettyServerCustomizer {

    private final AdmissionSettings settings;
    private final Map<ProblemCode, byte[]> documents = new EnumMap<>(ProblemCode.class);

    ClientPace(AdmissionSettings settings, ObjectMapper json) throws JsonProcessingException {
        this.settings = settings;
        for (var code : ProblemCode.values()) {
            documents.put(code, json.writeValueAsBytes(code.at("")));
        }
    }

    @Override
    public HttpServer apply(HttpServer server) {
        return server.doOnChannelInit((observer, channel, remote) -> watch(channel));
    }

    private byte[] document(ProblemCode code) {
        return Objects.requireNonNull(documents.get(code));
    }

    private void watch(Channel channel) {
        var heads = new RequestHeads(settings.headTimeout(), this::document);
        channel.pipeline()
                .addBefore(NettyPipeline.HttpCodec, "waybill.slow-heads", heads.bytes())
                .addAfter(NettyPipeline.HttpCodec, "waybill.heads", heads)
                .addFirst(
                        "waybill.slow-readers",
                        new WriteTimeoutHandler(settings.readTimeout().toMillis(), TimeUnit.MILLISECONDS));
    }
}
