package io.waybill.gateway.performance;

import io.waybill.gateway.GatewayApplication;
import java.nio.charset.StandardCharsets;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * The gateway with everything on, and one static answer more, as long as a product's, among the files of its documents,
 * where anybody may have them.
 */
final class WholeGateway {

    static final String STATIC = "/docs/static.json";

    private WholeGateway() {}

    public static void main(String[] args) {
        Program.endWithParent();
        new SpringApplicationBuilder(GatewayApplication.class, StaticAnswer.class)
                .properties("spring.config.name=gateway")
                .run(args);
    }

    /** No configuration by annotation, or every test's gateway would find it. */
    static class StaticAnswer {

        private static final byte[] BYTES = StubContexts.PRODUCT.getBytes(StandardCharsets.UTF_8);

        @Bean
        RouterFunction<ServerResponse> staticAnswer() {
            return RouterFunctions.route()
                    .GET(
                            STATIC,
                            request -> ServerResponse.ok()
                                    .contentType(MediaType.APPLICATION_JSON)
                                    .header("Cache-Control", "no-cache")
                                    .eTag("0b5a0f6c2a7d4c1e")
                                    .bodyValue(BYTES))
                    .build();
        }
    }
}
