package io.waybill.standalone.demo;

import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/** The token of somebody who logged in, taken anew before it expires. Thread-safe. */
final class Session {

    private static final Duration MARGIN = Duration.ofSeconds(60);

    private Supplier<Answer> login;
    private String token = "";
    private long goodUntil = System.nanoTime();

    Session(Supplier<Answer> login) {
        this.login = login;
    }

    /** The header that says who asks. */
    synchronized Map<String, String> authorization() {
        if (token.isEmpty() || System.nanoTime() - goodUntil > 0) {
            Answer answer = login.get();
            token = answer.text("access_token");
            goodUntil = System.nanoTime()
                    + Duration.ofSeconds(answer.body().path("expires_in").asLong())
                            .minus(MARGIN)
                            .toNanos();
        }
        return Map.of("Authorization", "Bearer " + token);
    }

    /** How it goes on, where the first login is of another kind than those after it. */
    synchronized void refreshBy(Supplier<Answer> next) {
        login = next;
    }
}
