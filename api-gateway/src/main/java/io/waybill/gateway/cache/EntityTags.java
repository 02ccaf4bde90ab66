package io.waybill.gateway.cache;

import org.jspecify.annotations.Nullable;

/** Comparing entity tags (RFC 9110, section 8.8.3.2). */
final class EntityTags {

    private EntityTags() {}

    static boolean isWeak(String tag) {
        return tag.startsWith("W/");
    }

    static boolean isStrong(@Nullable String tag) {
        return tag != null && !isWeak(tag);
    }

    static boolean matchWeakly(String one, String other) {
        return opaque(one).equals(opaque(other));
    }

    static boolean matchStrongly(String one, String other) {
        return !isWeak(one) && one.equals(other);
    }

    private static String opaque(String tag) {
        return isWeak(tag) ? tag.substring(2) : tag;
    }
}
