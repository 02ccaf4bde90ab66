package io.waybill.messaging.processing;

import io.waybill.messaging.processing.PostgresSagaStore.Association;
import io.waybill.messaging.processing.PostgresSagaStore.Change;
import io.waybill.messaging.processing.PostgresSagaStore.Stored;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is known of the stored sagas that were used last. Several threads may ask it. */
final class SagaMemory {

    private static final int MOST = 4_000;

    private final Map<String, Stored> sagas = eldestFirst();

    /** Complete answers only: an association that was never looked up is unknown, whatever has been kept since. */
    private final Map<Association, Set<String>> ids = eldestFirst();

    private long version;

    private static <K, V> Map<K, V> eldestFirst() {
        return new LinkedHashMap<>(16, 0.75f, true) {

            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > MOST;
            }
        };
    }

    synchronized Optional<Stored> load(String sagaId) {
        return Optional.ofNullable(sagas.get(sagaId));
    }

    synchronized Optional<Set<String>> find(Association association) {
        return Optional.ofNullable(ids.get(association)).map(Set::copyOf);
    }

    /** Rises with all that is kept or forgotten. */
    synchronized long version() {
        return version;
    }

    /**
     * Keeps the database's answer, unless something has been kept meanwhile that it may not have seen.
     *
     * @param asked the version before the database was asked
     */
    synchronized void learn(Association association, Set<String> found, long asked) {
        if (asked == version) {
            ids.put(association, new HashSet<>(found));
        }
    }

    /** Keeps what has been committed. */
    synchronized void keep(Change change) {
        version++;
        Stored before = sagas.remove(change.sagaId());
        if (before != null) {
            before.associations()
                    .forEach(one -> ids.computeIfPresent(one, (same, all) -> {
                        all.remove(change.sagaId());
                        return all;
                    }));
        }
        // Of a saga that was not in memory, nobody knows here what it was associated with.
        change.removed().forEach(ids::remove);
        Stored now = change.stored();
        if (now == null) {
            return;
        }
        sagas.put(change.sagaId(), now);
        now.associations()
                .forEach(one -> ids.computeIfPresent(one, (same, all) -> {
                    all.add(change.sagaId());
                    return all;
                }));
    }

    synchronized void clear() {
        version++;
        sagas.clear();
        ids.clear();
    }
}
