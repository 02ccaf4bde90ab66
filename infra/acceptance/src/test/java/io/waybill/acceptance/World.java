package io.waybill.acceptance;

import static io.waybill.acceptance.Eventually.within;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What the world has seen of a system. Mails and books are left out where they cannot be reached. */
record World(List<?> shown, List<?> storedEvents, List<?> partnersBooks, Map<?, ?> mails) {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    static World of(RunningSystem system) {
        var operator = new Operator(Http.toGateway(() -> system));
        return new World(
                operator.shown(),
                operator.storedEvents(),
                PartnerBooks.of(system).map(PartnerBooks::everything).orElse(List.of()),
                system.mails().map(Mails::sent).orElse(Map.of()));
    }

    /** When nothing happens any more. */
    static World atRest(RunningSystem system) {
        var last = new World[] {of(system)};
        return within(PATIENCE, "nothing happens any more").until(() -> of(system), now -> {
            boolean same = now.equals(last[0]);
            last[0] = now;
            return same;
        });
    }
}
