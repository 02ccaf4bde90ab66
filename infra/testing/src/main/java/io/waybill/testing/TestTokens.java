package io.waybill.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import io.waybill.security.SecuritySettings;
import io.waybill.security.TokenSigner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Tokens as the gateway issues them, for tests of what stands behind it; the key is drawn anew in every JVM. */
public final class TestTokens {

    private static final ECKey KEY = draw();
    private static final Path PUBLIC_KEYS = write();

    private TestTokens() {}

    /** What makes an application believe them. */
    public static Map<String, String> springProperties() {
        return Map.of("waybill.security.jwk-set-uri", PUBLIC_KEYS.toUri().toString());
    }

    /** The value of the {@code Authorization} header of a customer. */
    public static String customer(String id) {
        return bearer(claims(id, SecuritySettings.CUSTOMER)
                .claim("email", id + "@example.org")
                .build());
    }

    /** The value of the {@code Authorization} header of an operator. */
    public static String operator() {
        return bearer(claims("cus_operator", SecuritySettings.OPERATOR)
                .claim("email", "operator@waybill.local")
                .build());
    }

    /** Claims that are in order, to be changed. */
    public static JWTClaimsSet.Builder claims(String subject, String... roles) {
        Instant now = Instant.now();
        return new JWTClaimsSet.Builder()
                .issuer("urn:waybill:gateway")
                .audience("waybill")
                .subject(subject)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(Duration.ofHours(1))))
                .jwtID(UUID.randomUUID().toString())
                .claim("roles", List.of(roles));
    }

    /** The value of the {@code Authorization} header with these claims. */
    public static String bearer(JWTClaimsSet claims) {
        return "Bearer " + TokenSigner.sign(claims, KEY);
    }

    /** The private key that the tokens are signed with. */
    public static ECKey key() {
        return KEY;
    }

    private static ECKey draw() {
        try {
            return new ECKeyGenerator(Curve.P_256)
                    .keyID(UUID.randomUUID().toString())
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException("Every JDK draws keys on P-256", e);
        }
    }

    private static Path write() {
        try {
            Path file = Files.createTempFile("waybill-test-keys", ".json");
            file.toFile().deleteOnExit();
            return Files.writeString(file, new JWKSet(KEY).toPublicJWKSet().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
