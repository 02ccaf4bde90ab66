package io.waybill.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.Supplier;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;

/**
 * Remembers whose signatures have been verified, because that costs more than all the rest of a request. What a token
 * claims is checked each time, so that it ends when it says; and once the keys are others, everything is verified anew.
 * Tokens themselves are not kept, only what they say and a hash of them.
 */
public final class VerifiedTokens implements JwtDecoder {

    private static final int MOST = 10_000;

    /** @param keys the keys that were good when it was verified */
    private record Verified(Jwt token, Object keys) {}

    private final JwtDecoder decoder;
    private final OAuth2TokenValidator<Jwt> claims;
    private final Supplier<?> keys;
    private final Cache<ByteBuffer, Verified> verified =
            Caffeine.newBuilder().maximumSize(MOST).build();

    /** @param keys the keys that are good now; they are compared with each token */
    public VerifiedTokens(JwtDecoder decoder, OAuth2TokenValidator<Jwt> claims, Supplier<?> keys) {
        this.decoder = decoder;
        this.claims = claims;
        this.keys = keys;
    }

    @Override
    public Jwt decode(String token) throws JwtException {
        var hash = hash(token);
        var known = verified.getIfPresent(hash);
        // Read before the signature is verified: keys that change meanwhile do not count as those it was verified with.
        var now = keys.get();
        if (known != null
                && known.keys().equals(now)
                && !claims.validate(known.token()).hasErrors()) {
            return known.token();
        }
        var decoded = decoder.decode(token);
        verified.put(hash, new Verified(decoded, now));
        return decoded;
    }

    private static ByteBuffer hash(String token) {
        try {
            return ByteBuffer.wrap(
                    MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
