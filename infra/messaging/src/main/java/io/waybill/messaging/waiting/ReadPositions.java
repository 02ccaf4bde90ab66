package io.waybill.messaging.waiting;

import io.waybill.messaging.processing.ProgressListener;
import io.waybill.messaging.stream.StreamPosition;
import io.waybill.messaging.waiting.ReadModels.Horizon;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A place that a read model has surely passed, for labelling answers. It is kept in memory: what this process handles
 * itself is known at once; what others handle, and that a read model is being drawn anew, within a tenth of a second.
 */
public final class ReadPositions implements ProgressListener {

    private static final long KEPT = TimeUnit.MILLISECONDS.toNanos(100);

    /** @param place null where the read model is incomplete */
    private record Known(@Nullable StreamPosition place, long at) {}

    private final ReadModels models;
    private final LongSupplier nanoTime;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    ReadPositions(ReadModels models, LongSupplier nanoTime) {
        this.models = models;
        this.nanoTime = nanoTime;
    }

    /** To be asked before the read model is read; nothing while it is drawn anew. */
    public Optional<StreamPosition> of(String processor) {
        long now = nanoTime.getAsLong();
        Known before = known.get(processor);
        if (before != null && now - before.at() <= KEPT) {
            return Optional.ofNullable(before.place());
        }
        StreamPosition place = models.horizon(processor)
                .filter(horizon -> !horizon.replaying())
                .map(Horizon::stored)
                .orElse(null);
        known.put(processor, new Known(place, now));
        return Optional.ofNullable(place);
    }

    @Override
    public void moved(Moved moved) {
        if (moved.whole()) {
            known.computeIfPresent(moved.processor(), (same, before) -> {
                StreamPosition place = before.place();
                return place == null || place.compareTo(moved.place()) >= 0
                        ? before
                        : new Known(moved.place(), before.at());
            });
        }
    }
}
