package io.waybill.acceptance.audit;

import static io.waybill.acceptance.audit.Invariant.REPLAY;

import java.util.Map;
import java.util.stream.Stream;

/** Whatever a replay must not do was done as often after it as before. */
final class ReplayCheck implements Check {

    @Override
    public Stream<Violation> violations(Books books) {
        Map<String, Long> before = books.replayed().doneBefore();
        return books.replayed().doneAfter().entrySet().stream()
                .filter(done -> !done.getValue().equals(before.get(done.getKey())))
                .map(done -> REPLAY.violatedBy(
                        done.getKey(),
                        "%d before the replay, %d after it".formatted(before.get(done.getKey()), done.getValue())));
    }
}
