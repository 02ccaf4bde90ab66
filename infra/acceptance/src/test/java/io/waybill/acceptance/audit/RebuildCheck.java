package io.waybill.acceptance.audit;

import static io.waybill.acceptance.audit.Invariant.REBUILD;

import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Each address shows after the rebuilding what it showed before. */
final class RebuildCheck implements Check {

    @Override
    public Stream<Violation> violations(Books books) {
        Map<String, String> before = books.replayed().shownBefore();
        Map<String, String> after = books.replayed().shownAfter();
        var addresses = new TreeSet<>(before.keySet());
        addresses.addAll(after.keySet());
        return addresses.stream()
                .filter(address -> !Objects.equals(before.get(address), after.get(address)))
                .map(address -> REBUILD.violatedBy(
                        address, "showed %s and shows %s".formatted(before.get(address), after.get(address))));
    }
}
