package io.waybill.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class VerifiedTokensTest {

    private final AtomicInteger verifications = new AtomicInteger();
    private Object keys = new Object();
    private boolean refused;
    private boolean expired;

    private final VerifiedTokens tokens = new VerifiedTokens(
            token -> {
                verifications.incrementAndGet();
                if (refused || expired) {
                    throw new BadJwtException("refused");
                }
                return Jwt.withTokenValue(token)
                        .header("alg", "ES256")
                        .subject(token)
                        .expiresAt(Instant.MAX)
                        .build();
            },
            token -> expired
                    ? OAuth2TokenValidatorResult.failure(new OAuth2Error("expired"))
                    : OAuth2TokenValidatorResult.success(),
            () -> keys);

    @Test
    void a_token_is_verified_once() {
        assertThat(tokens.decode("one").getSubject()).isEqualTo("one");
        assertThat(tokens.decode("one").getSubject()).isEqualTo("one");

        assertThat(verifications).hasValue(1);
    }

    @Test
    void another_token_is_verified_by_itself() {
        tokens.decode("one");
        refused = true;

        assertThatThrownBy(() -> tokens.decode("onf")).isInstanceOf(BadJwtException.class);
        assertThat(tokens.decode("one").getSubject()).isEqualTo("one");
    }

    @Test
    void a_token_that_was_refused_is_verified_again() {
        refused = true;
        assertThatThrownBy(() -> tokens.decode("one")).isInstanceOf(BadJwtException.class);
        refused = false;

        assertThat(tokens.decode("one").getSubject()).isEqualTo("one");
    }

    @Test
    void a_token_ends_when_it_says() {
        tokens.decode("one");
        expired = true;

        assertThatThrownBy(() -> tokens.decode("one")).isInstanceOf(BadJwtException.class);
    }

    @Test
    void other_keys_believe_nothing_that_was_verified_before() {
        tokens.decode("one");
        keys = new Object();
        refused = true;

        assertThatThrownBy(() -> tokens.decode("one")).isInstanceOf(BadJwtException.class);
    }
}
