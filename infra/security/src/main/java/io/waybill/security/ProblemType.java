package io.waybill.security;

import java.net.URI;
import java.util.Locale;

/** The {@code type} of problem documents (RFC 9457, section 3.1.1): one for each code, the same from every process. */
public final class ProblemType {

    private ProblemType() {}

    /**
     * A name, not an address: nothing is to be found there.
     *
     * @param code such as {@code ORDER_NOT_FOUND}
     */
    public static URI of(String code) {
        return URI.create("urn:waybill:problem:" + code.toLowerCase(Locale.ROOT).replace('_', '-'));
    }
}
