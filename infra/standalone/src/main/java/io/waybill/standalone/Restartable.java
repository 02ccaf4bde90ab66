package io.waybill.standalone;

import io.waybill.standalone.demo.Outage;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A part that can be away for a while and come back, until it is closed for good. */
final class Restartable implements AutoCloseable, Outage {

    private final String name;
    private final Callable<AutoCloseable> start;
    private @Nullable AutoCloseable running;
    private boolean closed;

    private Restartable(String name, Callable<AutoCloseable> start) {
        this.name = name;
        this.start = start;
    }

    static Restartable start(String name, Callable<AutoCloseable> start) throws Exception {
        var part = new Restartable(name, start);
        part.running = start.call();
        return part;
    }

    @Override
    public synchronized void begin() {
        if (running == null) {
            return;
        }
        AutoCloseable stopped = running;
        running = null;
        try {
            stopped.close();
        } catch (Exception e) {
            throw new StartException("The %s did not stop: %s".formatted(name, e), e);
        }
    }

    @Override
    public synchronized void end() {
        if (running != null || closed) {
            return;
        }
        try {
            running = start.call();
        } catch (Exception e) {
            throw StartException.of(name, e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        begin();
    }
}
