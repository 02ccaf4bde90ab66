package io.waybill.security;

import java.util.List;
import java.util.Optional;

/** Reads the one {@code Authorization} header of RFC 6750, and no other place that a token might hide in. */
public final class BearerToken {

    private static final String SCHEME = "Bearer ";

    private BearerToken() {}

    /**
     * The token that the headers named {@code Authorization} hold: empty if there is none.
     *
     * @throws MalformedToken if there are several, or one that is no bearer token
     */
    public static Optional<String> in(List<String> authorization) throws MalformedToken {
        if (authorization.isEmpty()) {
            return Optional.empty();
        }
        String line = authorization.getFirst();
        if (authorization.size() > 1
                || !line.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                || !isToken(line, SCHEME.length())) {
            throw new MalformedToken();
        }
        return Optional.of(line.substring(SCHEME.length()));
    }

    /** The form {@code token68}: at least one of its characters, then as many {@code =} as there are. */
    private static boolean isToken(String line, int start) {
        int end = line.length();
        while (end > start && line.charAt(end - 1) == '=') {
            end--;
        }
        for (int i = start; i < end; i++) {
            char c = line.charAt(i);
            boolean allowed = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "._~+/-".indexOf(c) >= 0;
            if (!allowed) {
                return false;
            }
        }
        return end > start;
    }

    /** The request says who asks in a way that nobody can rely on. */
    public static final class MalformedToken extends Exception {

        private static final long serialVersionUID = 1L;

        MalformedToken() {
            super("no single bearer token", null, false, false);
        }
    }
}
