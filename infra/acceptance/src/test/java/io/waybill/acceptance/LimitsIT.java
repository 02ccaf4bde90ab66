package io.waybill.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** How often somebody may ask. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Tag("standalone")
@ResourceLock(SharedSystem.LOCK)
class LimitsIT {

    private final Visitor visitor = Visitor.of(SharedSystem.standalone());
    private final Visitor neighbour = Visitor.of(SharedSystem.standalone());

    @Test
    void a_sixth_account_in_a_minute_is_refused_to_an_address_and_to_no_other() {
        for (int i = 0; i < 5; i++) {
            assertThat(visitor.registers(Visitor.anEmail()).status()).isEqualTo(201);
        }

        Answer sixth = visitor.registers(Visitor.anEmail());
        assertIsTooMuch(sixth);
        assertThat(sixth.header("RateLimit-Policy")).isEqualTo("\"register\";q=5;w=60");
        assertThat(sixth.header("RateLimit")).matches("\"register\";r=0;t=\\d+");
        assertThat(neighbour.registers(Visitor.anEmail()).status()).isEqualTo(201);
    }

    @Test
    void an_address_that_a_client_invents_before_its_own_changes_nothing() {
        for (int i = 0; i < 5; i++) {
            visitor.registers(Visitor.anEmail()).orFail();
        }

        var pretender = new Visitor(visitor.gateway(), "203.0.113.7, " + visitor.address());
        assertIsTooMuch(pretender.registers(Visitor.anEmail()));
    }

    @Test
    void an_eleventh_login_in_a_minute_is_refused_even_with_the_right_password() {
        String email = Visitor.anEmail();
        neighbour.registers(email).orFail();
        for (int i = 0; i < 10; i++) {
            assertThat(visitor.logsIn(email, "not the password at all").status())
                    .isEqualTo(401);
        }

        assertIsTooMuch(visitor.logsIn(email));
        assertThat(neighbour.logsIn(email).status()).isEqualTo(200);
    }

    @Test
    void every_answer_tells_what_is_left() {
        Answer answer = visitor.get("/api/products");

        assertThat(answer.header("RateLimit-Policy")).startsWith("\"reading\";q=10000;w=");
        assertThat(answer.header("RateLimit")).matches("\"reading\";r=9999;t=\\d+");
    }

    private static void assertIsTooMuch(Answer answer) {
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.text("code")).isEqualTo("RATE_LIMITED");
        assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(1, 60);
    }
}
