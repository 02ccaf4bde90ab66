package io.waybill.messaging.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.waybill.messaging.Rejection;
import java.util.concurrent.TimeUnit;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.jspecify.annotations.Nullable;

/** Counts what the messaging does as it does it. */
public final class MessagingMeters {

    private final MeterRegistry registry;

    public MessagingMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Counts nothing. */
    public static MessagingMeters none() {
        return new MessagingMeters(new CompositeMeterRegistry());
    }

    /**
     * Does it when the transaction that this thread is in has committed, so that a batch that is repeated counts once;
     * at once where there is none.
     */
    public static void onceCommitted(Runnable count) {
        if (CurrentUnitOfWork.isStarted()) {
            CurrentUnitOfWork.get().afterCommit(committed -> count.run());
        } else {
            count.run();
        }
    }

    /**
     * One try to carry out a command of the own context.
     *
     * @param failure what became of it; null where it went well
     * @param conflict whether it lost a race for its aggregate
     */
    public void commandHandled(Class<?> command, @Nullable Throwable failure, boolean conflict, long nanos) {
        registry.timer("waybill.commands", "command", command.getSimpleName(), "outcome", outcome(failure, conflict))
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    private static String outcome(@Nullable Throwable failure, boolean conflict) {
        if (failure == null) {
            return "done";
        }
        if (conflict) {
            return "conflict";
        }
        return failure instanceof Rejection ? "refused" : "failed";
    }

    /** A command is carried out again because it lost a race. */
    public void commandRetried(Class<?> command) {
        registry.counter("waybill.commands.retries", "command", command.getSimpleName())
                .increment();
    }

    /**
     * A deadline was due, and came back as an event.
     *
     * @param type the qualified name of that event
     */
    public void deadlineFired(String type) {
        deadlines(type).increment();
    }

    /** Counts from nothing, so that the first one is a change that can be seen. */
    public void expectDeadline(String type) {
        deadlines(type);
    }

    private Counter deadlines(String type) {
        return registry.counter("waybill.deadlines.fired", "type", type.substring(type.lastIndexOf('.') + 1));
    }
}
