package io.waybill.gateway.limits;

import java.util.Comparator;
import java.util.List;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Component;

/** Finds the one policy of a request: that of the most specific route. */
@Component
final class Policies {

    private record Entry(RoutePattern route, Policy policy) {}

    private final List<Entry> entries;

    Policies(LimitSettings settings) {
        this.entries = settings.toPolicies().stream()
                .flatMap(policy -> policy.routes().stream().map(route -> new Entry(route, policy)))
                .sorted(Comparator.comparing(Entry::route, RoutePattern.SPECIFIC_FIRST))
                .toList();
        if (entries.stream().noneMatch(entry -> entry.route().matchesEverything())) {
            throw new IllegalArgumentException(
                    "waybill.gateway.limits.policies must have one with the route '* /**', so that nothing is"
                            + " unlimited");
        }
    }

    Policy of(HttpMethod method, PathContainer path) {
        return entries.stream()
                .filter(entry -> entry.route().matches(method, path))
                .findFirst()
                .map(Entry::policy)
                .orElseThrow();
    }
}
