package io.waybill.gateway.cache;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What to do with a request, given what is stored for its target (RFC 9111, section 4; RFC 5861). */
sealed interface Decision {

    /** Answer from the store. */
    record Hit(StoredAnswer stored, Freshness freshness) implements Decision {}

    /** Answer from the store, which is stale, and renew it behind the client's back. */
    record HitAndRenew(StoredAnswer stored, Freshness freshness) implements Decision {}

    /** Ask the origin; what is stored may be approved by it. */
    record Validate(StoredAnswer stored, Reason reason) implements Decision {}

    /** Ask the origin. */
    record Forward(Reason reason) implements Decision {}

    /** Only the store may be asked, and it has nothing. */
    record NothingStored() implements Decision {}

    /** Why a request goes to the origin; the names of RFC 9211, section 2.2. */
    enum Reason {
        BYPASS("bypass"),
        METHOD("method"),
        URI_MISS("uri-miss"),
        VARY_MISS("vary-miss"),
        REQUEST("request"),
        STALE("stale"),
        PARTIAL("partial");

        private final String token;

        Reason(String token) {
            this.token = token;
        }

        String token() {
            return token;
        }
    }

    /**
     * Decides about a GET or HEAD.
     *
     * @param variants all that is stored for the target
     * @param trusted whether no event says that what is stored is outdated
     */
    static Decision of(
            CacheRequest request, List<StoredAnswer> variants, Predicate<StoredAnswer> trusted, Instant now) {
        var decision = ignoringOnlyIfCached(request, variants, trusted, now);
        var mayForward = !request.directives().has("only-if-cached");
        return mayForward || decision instanceof Hit || decision instanceof HitAndRenew
                ? decision
                : new NothingStored();
    }

    private static Decision ignoringOnlyIfCached(
            CacheRequest request, List<StoredAnswer> variants, Predicate<StoredAnswer> trusted, Instant now) {
        if (variants.isEmpty()) {
            return new Forward(Reason.URI_MISS);
        }
        var stored = select(request, variants);
        if (stored == null) {
            return new Forward(Reason.VARY_MISS);
        }
        var freshness = Freshness.of(stored, now);
        if (!trusted.test(stored) || stored.policy().mustAlwaysBeValidated()) {
            return askAbout(stored, Reason.STALE);
        }
        if (freshness.isFresh()) {
            return isFreshEnough(request.directives(), freshness)
                    ? new Hit(stored, freshness)
                    : askAbout(stored, Reason.REQUEST);
        }
        return ofStale(request.directives(), stored, freshness);
    }

    private static Decision ofStale(Directives asked, StoredAnswer stored, Freshness freshness) {
        var policy = stored.policy();
        var staleness = freshness.staleness();
        if (!policy.mustNotBeStale() && isFreshEnoughOnceStale(asked, freshness)) {
            if (staleness.compareTo(policy.staleWhileRevalidate()) < 0) {
                return new HitAndRenew(stored, freshness);
            }
            var accepted = asked.secondsOrUnlimited("max-stale");
            if (accepted.isPresent() && staleness.compareTo(Duration.ofSeconds(accepted.getAsLong())) <= 0) {
                return new Hit(stored, freshness);
            }
        }
        return askAbout(stored, Reason.STALE);
    }

    private static Decision askAbout(StoredAnswer stored, Reason reason) {
        return new Validate(stored, reason);
    }

    private static boolean isFreshEnough(Directives asked, Freshness freshness) {
        var minFresh = asked.seconds("min-fresh").orElse(0);
        return isFreshEnoughOnceStale(asked, freshness)
                && freshness.lifetime().minus(freshness.age()).compareTo(Duration.ofSeconds(minFresh)) >= 0;
    }

    private static boolean isFreshEnoughOnceStale(Directives asked, Freshness freshness) {
        OptionalLong maxAge = asked.seconds("max-age");
        return !asked.has("no-cache")
                && (maxAge.isEmpty() || freshness.age().compareTo(Duration.ofSeconds(maxAge.getAsLong())) <= 0);
    }

    /** The newest of the answers that were made for a request like this one. */
    static @Nullable StoredAnswer select(CacheRequest request, List<StoredAnswer> variants) {
        return variants.stream()
                .filter(stored -> stored.vary().matches(request.headers()))
                .max(Comparator.comparing(StoredAnswer::receivedAt))
                .orElse(null);
    }

    /** Whether a stale answer may stand in for a failing origin (RFC 5861, section 4). */
    static boolean mayStandIn(CacheRequest request, StoredAnswer stored, Instant now) {
        var policy = stored.policy();
        var freshness = Freshness.of(stored, now);
        if (policy.mustNotBeStale() || policy.initialAge(stored.requestedAt(), stored.receivedAt()) == null) {
            return false;
        }
        var asked = Duration.ofSeconds(
                request.directives().seconds("stale-if-error").orElse(0));
        var told = policy.staleIfError();
        var window = asked.compareTo(told) > 0 ? asked : told;
        return freshness.isFresh() || freshness.staleness().compareTo(window) < 0;
    }
}
