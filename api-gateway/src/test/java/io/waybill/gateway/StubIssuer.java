package io.waybill.gateway;

import com.nimbusds.jose.jwk.JWKSet;
import io.waybill.testing.TestTokens;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.net.URI;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerResponse;

/** An external OpenID provider: tells where its keys are, and issues whatever tokens a test wants. */
final class StubIssuer {

    private final DisposableServer server = HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .route(routes -> routes.get("/.well-known/openid-configuration", (request, response) -> json(
                            response,
                            """
                            {"issuer": "%1$s", "jwks_uri": "%1$s/keys", "subject_types_supported": ["public"],
                             "authorization_endpoint": "%1$s/authorize"}
                            """.formatted(address())))
                    .get("/keys", (request, response) -> json(
                            response,
                            new JWKSet(TestTokens.key()).toPublicJWKSet().toString())))
            .bindNow();

    URI address() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    /** The value of the {@code Authorization} header of somebody with these roles. */
    String token(String subject, String... roles) {
        return TestTokens.bearer(TestTokens.claims(subject, roles)
                .issuer(address().toString())
                .build());
    }

    private static Mono<Void> json(HttpServerResponse response, String body) {
        return response.header(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .sendString(Mono.just(body))
                .then();
    }
}
