package io.waybill.messaging.processing;

import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;

/**
 * Postpones writes of a unit of work to just before its transaction commits. PostgreSQL's readers of the stream wait
 * for the oldest transaction that has written something; so a batch that first awaits the broker and then writes holds
 * nobody up, whereas one that writes first would stop all contexts on the server for as long as the broker takes.
 */
public final class WriteBehind {

    private static final String KEY = WriteBehind.class.getName();

    private WriteBehind() {}

    /** What a unit of work has to write of one kind, and the trace of the first of it. */
    private record Batch<T>(List<T> items, Runnable write) {}

    /**
     * Keeps the item until the current unit of work commits, and then writes it together with all others of its kind,
     * in order of calls; at once where there is none.
     *
     * @param kind those of one kind are written together
     */
    public static <T> void write(String kind, T item, Consumer<List<T>> write) {
        if (!CurrentUnitOfWork.isStarted()) {
            write.accept(List.of(item));
            return;
        }
        UnitOfWork<?> root = CurrentUnitOfWork.get().root();
        Map<String, Batch<?>> kinds = root.getOrComputeResource(KEY, key -> {
            Map<String, Batch<?>> all = new LinkedHashMap<>();
            root.onCommit(
                    committing -> all.values().forEach(batch -> batch.write().run()));
            return all;
        });
        @SuppressWarnings("unchecked") // Each kind has items of one type.
        Batch<T> batch = (Batch<T>) kinds.computeIfAbsent(kind, first -> {
            List<T> items = new ArrayList<>();
            return new Batch<>(items, Context.current().wrap(() -> write.accept(items)));
        });
        batch.items().add(item);
    }
}
