package io.waybill.acceptance;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * Somebody with an address of their own, so that their limits are nobody else's. The stories are the proxy that tells
 * it.
 *
 * @param gateway asked by nobody in particular
 */
record Visitor(Http gateway, String address) {

    /** The setting with which a system believes what the stories say of an address. */
    static final String PROXY = "waybill.gateway.trusted-proxies=127.0.0.1";

    private static final String PASSWORD = "twelve analytical engines";

    static Visitor of(RunningSystem system) {
        var random = ThreadLocalRandom.current();
        // Addresses that are set apart for tests of networks.
        String address = "198.%d.%d.%d".formatted(random.nextInt(18, 20), random.nextInt(256), random.nextInt(1, 255));
        return new Visitor(new Http(system::gateway), address);
    }

    Answer get(String path, String... headers) {
        return gateway.get(path, from(headers));
    }

    Answer head(String path, String... headers) {
        return gateway.head(path, from(headers));
    }

    Answer post(String path, String body, String... headers) {
        return gateway.post(path, body, from(headers));
    }

    Answer registers(String email) {
        var account = JsonNodeFactory.instance.objectNode();
        account.put("email", email).put("password", PASSWORD).put("name", "Grace Hopper");
        return post("/api/users/register", account.toString());
    }

    Answer logsIn(String email) {
        return logsIn(email, PASSWORD);
    }

    Answer logsIn(String email, String password) {
        var credentials = JsonNodeFactory.instance.objectNode();
        return post(
                "/api/users/login",
                credentials.put("email", email).put("password", password).toString());
    }

    /** Opens an account; the value of the {@code Authorization} header of its owner. */
    String becomesCustomer() {
        String email = anEmail();
        registers(email).orFail();
        return "Bearer " + logsIn(email).orFail().text("access_token");
    }

    static String anEmail() {
        return "visitor-%s@example.org".formatted(UUID.randomUUID());
    }

    private String[] from(String... headers) {
        return Stream.concat(Stream.of(headers), List.of("X-Forwarded-For", address).stream())
                .toArray(String[]::new);
    }
}
