package io.waybill.gateway;

import com.nimbusds.jose.jwk.JWKSet;
import com.sun.net.httpserver.HttpServer;
import io.waybill.testing.TestTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * An external OpenID provider: tells where its keys are, and issues whatever tokens a test wants. It shares no threads
 * with the gateways, which take theirs down when they stop.
 */
final class StubIssuer {

    private final HttpServer server;

    StubIssuer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        answer("/.well-known/openid-configuration", """
            {"issuer": "%1$s", "jwks_uri": "%1$s/keys", "subject_types_supported": ["public"],
             "authorization_endpoint": "%1$s/authorize"}
            """.formatted(address()));
        answer("/keys", new JWKSet(TestTokens.key()).toPublicJWKSet().toString());
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The value of the {@code Authorization} header of somebody with these roles. */
    String token(String subject, String... roles) {
        return TestTokens.bearer(
                TestTokens.claims(subject, roles).issuer(address().toString()).build());
    }

    private void answer(String path, String json) {
        var bytes = json.getBytes(StandardCharsets.UTF_8);
        server.createContext(path, exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
            try (var body = exchange.getResponseBody()) {
                body.write(bytes);
            }
        });
    }
}
