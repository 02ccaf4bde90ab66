package io.waybill.gateway.cache;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An answer as it is kept.
 *
 * @param status its status code
 * @param headers its header lines, without those that were for one connection or one user only
 * @param vary what the request said in the fields that {@code Vary} names
 * @param requestedAt when the request for it was sent
 * @param receivedAt when it came
 * @param position how far the read model was that it was made of; null where nothing is said of it
 */
record StoredAnswer(
        int status,
        HeaderLines headers,
        Body body,
        Vary.Selection vary,
        Instant requestedAt,
        Instant receivedAt,
        @Nullable Position position) {

    /** The bytes of a body; nobody changes them. */
    static final class Body {

        private final byte[] bytes;

        Body(byte[] bytes) {
            this.bytes = bytes;
        }

        byte[] bytes() {
            return bytes;
        }

        int length() {
            return bytes.length;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Body that && java.util.Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return java.util.Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    StoredAnswer {
        Objects.requireNonNull(headers, "headers");
    }

    CachePolicy policy() {
        return CachePolicy.of(status, headers);
    }

    @Nullable
    String entityTag() {
        return headers.first("ETag");
    }

    @Nullable
    String lastModified() {
        return headers.first("Last-Modified");
    }

    boolean canBeValidated() {
        return entityTag() != null || lastModified() != null;
    }
}
