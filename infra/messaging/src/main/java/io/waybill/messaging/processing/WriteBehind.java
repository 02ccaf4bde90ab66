package io.waybill.messaging.processing;

import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;

/**
 * Postpones writes of a unit of work to just before its transaction commits. PostgreSQL's readers of the stream wait
 * for the oldest transaction that has written something; so a batch that first awaits the broker and then writes holds
 * nobody up, whereas one that writes first would stop all contexts on the server for as long as the broker takes.
 */
final class WriteBehind {

    private static final String KEY = WriteBehind.class.getName();

    private WriteBehind() {}

    /**
     * Runs the write in the commit phase of the current unit of work, in order of calls; at once where there is none.
     */
    static void write(Runnable write) {
        Runnable traced = Context.current().wrap(write);
        if (!CurrentUnitOfWork.isStarted()) {
            write.run();
            return;
        }
        UnitOfWork<?> root = CurrentUnitOfWork.get().root();
        root.<List<Runnable>>getOrComputeResource(KEY, key -> {
                    List<Runnable> writes = new ArrayList<>();
                    root.onCommit(committing -> writes.forEach(Runnable::run));
                    return writes;
                })
                .add(traced);
    }
}
