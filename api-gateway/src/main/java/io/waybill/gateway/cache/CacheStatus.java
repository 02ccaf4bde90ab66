package io.waybill.gateway.cache;

import java.util.ArrayList;
import java.util.List;

/** What the cache tells of its part in an answer, as a member of {@code Cache-Status} (RFC 9211). */
final class CacheStatus {

    static final String HEADER = "Cache-Status";

    private static final String NAME = "waybill-gateway";

    private final List<String> parameters = new ArrayList<>();

    private CacheStatus() {}

    static CacheStatus hit(Freshness freshness) {
        return new CacheStatus().with("hit").with("ttl=" + freshness.ttl());
    }

    static CacheStatus forwarded(Decision.Reason reason) {
        return new CacheStatus().with("fwd=" + reason.token());
    }

    CacheStatus status(int status) {
        return with("fwd-status=" + status);
    }

    CacheStatus ttl(Freshness freshness) {
        return with("ttl=" + freshness.ttl());
    }

    CacheStatus stored() {
        return with("stored");
    }

    CacheStatus collapsed() {
        return with("collapsed");
    }

    /** @param token a word that helps whoever looks into it */
    CacheStatus detail(String token) {
        return with("detail=" + token);
    }

    private CacheStatus with(String parameter) {
        parameters.add(parameter);
        return this;
    }

    @Override
    public String toString() {
        return NAME + "; " + String.join("; ", parameters);
    }
}
