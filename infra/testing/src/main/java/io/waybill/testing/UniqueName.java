package io.waybill.testing;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;

/** Names that no other test and no other run uses, so that servers can be shared. */
final class UniqueName {

    /** PostgreSQL cuts names after 63 characters. */
    private static final int LONGEST_READABLE_PART = 40;

    private static final SecureRandom RANDOM = new SecureRandom();

    private UniqueName() {}

    /** Lower-case letters, digits and underscores, so that it needs no quotes in SQL. */
    static String of(String name) {
        byte[] drawn = new byte[6];
        RANDOM.nextBytes(drawn);
        String readable = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
        return "waybill_" + readable.substring(0, Math.min(readable.length(), LONGEST_READABLE_PART)) + "_"
                + HexFormat.of().formatHex(drawn);
    }
}
