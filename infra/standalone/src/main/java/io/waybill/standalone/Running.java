package io.waybill.standalone;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What has been started, so that it can be stopped in reverse order, each part once and whatever the others do. */
final class Running implements AutoCloseable {

    private record Part(int level, String name, AutoCloseable resource) {}

    private final Queue<Part> parts =
            new PriorityQueue<>(Comparator.comparingInt(Part::level).reversed());
    private final BiConsumer<String, Exception> onFailure;
    private boolean closed;

    /** Tells the given consumer which part could not be stopped, and why. */
    Running(BiConsumer<String, Exception> onFailure) {
        this.onFailure = onFailure;
    }

    /**
     * Takes charge of a started part; one that comes too late, because all is being stopped, is stopped at once.
     *
     * @param level what is on a higher level is stopped before what is on a lower one
     */
    void add(int level, String name, AutoCloseable resource) {
        var part = new Part(level, name, resource);
        if (!keep(part)) {
            close(part);
        }
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Whether nothing more than the data folder's lock was taken. */
    synchronized boolean isIdle() {
        return parts.size() <= 1;
    }

    @Override
    public void close() {
        for (Part part = takeHighest(); part != null; part = takeHighest()) {
            close(part);
        }
    }

    private synchronized boolean keep(Part part) {
        return !closed && parts.add(part);
    }

    private synchronized @Nullable Part takeHighest() {
        closed = true;
        return parts.poll();
    }

    private void close(Part part) {
        try {
            part.resource().close();
        } catch (Exception e) {
            onFailure.accept(part.name(), e);
        }
    }
}
