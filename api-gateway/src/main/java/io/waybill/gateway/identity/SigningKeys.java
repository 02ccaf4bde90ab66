package io.waybill.gateway.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.waybill.gateway.ProblemCode;
import io.waybill.gateway.RefusedRequest;
import io.waybill.gateway.identity.KeyFile.Content;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that tokens are signed with. A new one is published for a while before it signs ({@code nbf}), so that every
 * instance and every context knows it in time; the one before goes on being published until the last token that it
 * signed has expired ({@code exp}). Nobody is logged out. Instances share the keys by sharing the file.
 */
final class SigningKeys {

    private static final Logger LOG = LoggerFactory.getLogger(SigningKeys.class);

    /** Clocks differ, and readers keep what they have read. */
    private static final Duration MARGIN = Duration.ofMinutes(10);

    private static final int ID_BYTES = 12;

    /** Which key was made, and from when on it signs. */
    record Rotation(String keyId, Instant signsFrom) {}

    private final KeyFile file;
    private final IdentitySettings settings;
    private final InstantSource clock;
    private volatile Content content;
    private volatile Published published = new Published(new JWKSet(), Instant.MIN);

    /** The public keys that verify, until then or until the file changes. */
    private record Published(JWKSet keys, Instant until) {}

    SigningKeys(KeyFile file, IdentitySettings settings, InstantSource clock) {
        this.file = file;
        this.settings = settings;
        this.clock = clock;
        this.content = file.readOrCreate(() -> new JWKSet(List.of(draw(clock.instant()))));
        requireOne();
    }

    /** The key that signs now. */
    ECKey signing() {
        return signing(content.keys(), clock.instant());
    }

    /** The public keys that verify now: the same object as long as they are the same. */
    JWKSet published() {
        var now = clock.instant();
        var known = published;
        return now.isBefore(known.until()) ? known.keys() : publish(now).keys();
    }

    private synchronized Published publish(Instant now) {
        var all = content.keys().getKeys().stream()
                .filter(key -> isPublished(key, now))
                .toList();
        var until = all.stream()
                .filter(key -> key.getExpirationTime() != null)
                .map(key -> key.getExpirationTime().toInstant())
                .min(Comparator.naturalOrder())
                .orElse(Instant.MAX);
        published = new Published(new JWKSet(all).toPublicJWKSet(), until);
        return published;
    }

    /** Makes a new key, which signs from a while later. */
    Rotation rotate() {
        file.change(current -> {
            var now = clock.instant();
            if (begins(newest(current)).isAfter(now)) {
                throw new RefusedRequest(ProblemCode.ROTATION_UNDER_WAY);
            }
            return rotated(current, now);
        });
        reload();
        var key = newest(content.keys());
        LOG.info("A new key was made; it signs from {}", begins(key));
        return new Rotation(key.getKeyID(), begins(key));
    }

    /** Takes over what another instance, or an operator, has written; and a new key where the last has become old. */
    void look() {
        try {
            if (file.hasChangedSince(content)) {
                reload();
                LOG.info("The keys were read anew");
            }
            if (begins(newest(content.keys())).plus(settings.keyAge()).isBefore(clock.instant()) && file.isOurs()) {
                rotate();
            }
        } catch (RefusedRequest alreadyDone) {
            LOG.debug("Another instance has made a new key", alreadyDone);
        } catch (KeyFile.KeyFileException e) {
            LOG.error("The keys cannot be read; those known go on to be used", e);
        }
    }

    private void reload() {
        var fresh = file.read();
        if (fresh.keys().getKeys().stream().noneMatch(SigningKeys::canSign)) {
            throw new KeyFile.KeyFileException("There is no private key on P-256 in " + file, null);
        }
        replace(fresh);
    }

    private synchronized void replace(Content fresh) {
        content = fresh;
        publish(clock.instant());
    }

    private void requireOne() {
        if (content.keys().getKeys().stream().noneMatch(SigningKeys::canSign)) {
            throw new KeyFile.KeyFileException("There is no private key on P-256 in " + file, null);
        }
    }

    private JWKSet rotated(JWKSet current, Instant now) {
        var signsFrom = now.plus(settings.keyLead());
        var until = Date.from(signsFrom.plus(settings.tokenLifetime()).plus(MARGIN));
        List<JWK> keys = new ArrayList<>();
        keys.add(draw(signsFrom));
        for (var key : current.getKeys()) {
            if (isPublished(key, now)) {
                keys.add(key.getExpirationTime() == null && key instanceof ECKey ec ? retired(ec, until) : key);
            }
        }
        return new JWKSet(keys);
    }

    private static ECKey retired(ECKey key, Date until) {
        return new ECKey.Builder(key).expirationTime(until).build();
    }

    private static ECKey signing(JWKSet keys, Instant now) {
        return keys.getKeys().stream()
                .filter(SigningKeys::canSign)
                .filter(key -> !begins(key).isAfter(now) && isPublished(key, now))
                .max(Comparator.comparing(SigningKeys::begins))
                .map(JWK::toECKey)
                .orElseGet(() -> newest(keys));
    }

    private static ECKey newest(JWKSet keys) {
        return keys.getKeys().stream()
                .filter(SigningKeys::canSign)
                .max(Comparator.comparing(SigningKeys::begins))
                .map(JWK::toECKey)
                .orElseThrow();
    }

    private static boolean canSign(JWK key) {
        return key instanceof ECKey ec && ec.isPrivate() && Curve.P_256.equals(ec.getCurve());
    }

    private static Instant begins(JWK key) {
        var begins = key.getNotBeforeTime();
        return begins == null ? Instant.EPOCH : begins.toInstant();
    }

    private static boolean isPublished(JWK key, Instant now) {
        return key.getExpirationTime() == null
                || key.getExpirationTime().toInstant().isAfter(now);
    }

    private static ECKey draw(Instant signsFrom) {
        try {
            var key = new ECKeyGenerator(Curve.P_256)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.ES256)
                    .notBeforeTime(Date.from(signsFrom))
                    .generate();
            var id = key.computeThumbprint().toString().substring(0, ID_BYTES * 4 / 3);
            return new ECKey.Builder(key).keyID(id).build();
        } catch (JOSEException e) {
            throw new IllegalStateException("Every JDK draws keys on P-256", e);
        }
    }
}
