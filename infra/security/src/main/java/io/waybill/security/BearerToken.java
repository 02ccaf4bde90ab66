package io.waybill.security;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the one {@code Authorization} header of RFC 6750, and no other place that a token might hide in. */
public final class BearerToken {

    private static final Pattern FORM = Pattern.compile("bearer ([A-Za-z0-9._~+/-]+=*)", Pattern.CASE_INSENSITIVE);

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
        Matcher matcher = FORM.matcher(authorization.getFirst());
        if (authorization.size() > 1 || !matcher.matches()) {
            throw new MalformedToken();
        }
        return Optional.of(matcher.group(1));
    }

    /** The request says who asks in a way that nobody can rely on. */
    public static final class MalformedToken extends Exception {

        private static final long serialVersionUID = 1L;

        MalformedToken() {
            super("no single bearer token", null, false, false);
        }
    }
}
