package io.waybill.messaging.security;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a context takes the public keys of our own tokens from. */
final class VerificationKeys {

    private static final Duration FRESH = Duration.ofMinutes(5);
    private static final Duration KEPT_WHILE_AWAY = Duration.ofHours(4);
    private static final long REFRESH_MILLIS = 3_000;
    private static final long REQUEST_PAUSE_MILLIS = 5_000;
    private static final int CONNECT_MILLIS = 1_000;
    private static final int READ_MILLIS = 2_000;
    private static final int LARGEST_SET = 64 * 1024;

    private static final JWKSelector EVERY = new JWKSelector(new JWKMatcher.Builder().build());

    private static final Logger LOG = LoggerFactory.getLogger(VerificationKeys.class);

    private VerificationKeys() {}

    /**
     * The keys at that place. They are asked for again when a token names one that is not known yet, yet not at the
     * pace of those who make such names up; while the gateway does not answer, those already known go on to be good.
     */
    static JWKSource<SecurityContext> at(URI place) {
        if ("file".equals(place.getScheme())) {
            return ofFile(Path.of(place));
        }
        try {
            return JWKSourceBuilder.create(
                            place.toURL(), new DefaultResourceRetriever(CONNECT_MILLIS, READ_MILLIS, LARGEST_SET))
                    .cache(FRESH.toMillis(), REFRESH_MILLIS)
                    .refreshAheadCache(false)
                    .rateLimited(REQUEST_PAUSE_MILLIS)
                    .retrying(true)
                    .outageTolerant(KEPT_WHILE_AWAY.toMillis())
                    .build();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("waybill.security.jwk-set-uri must be an address", e);
        }
    }

    /**
     * All keys that are good now, to be compared. Where they cannot be had it is something that equals nothing else, so
     * that the verification, which needs them as well, has the say.
     */
    static Object all(JWKSource<SecurityContext> keys) {
        try {
            return keys.get(EVERY, null);
        } catch (KeySourceException e) {
            LOG.debug("There are no keys to compare with", e);
            return new Object();
        }
    }

    private static JWKSource<SecurityContext> ofFile(Path file) {
        try {
            return new ImmutableJWKSet<>(JWKSet.load(file.toFile()).toPublicJWKSet());
        } catch (IOException e) {
            throw new UncheckedIOException("The keys cannot be read from " + file, e);
        } catch (ParseException e) {
            throw new IllegalArgumentException(file + " holds no JWK set", e);
        }
    }
}
