package io.waybill.order.web;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream to one client. It keeps no events: it remembers the last one that was sent and that there may be more, and
 * reads those when the client has taken what it was given. A slow client so costs the memory of one read, a client that
 * takes nothing for long is given up, and neither holds a thread.
 */
final class LiveStream implements WriteListener, AsyncListener {

    private static final Logger LOG = LoggerFactory.getLogger(LiveStream.class);
    private static final byte[] NOTHING = {};
    private static final byte[] HEARTBEAT = ":\n\n".getBytes(StandardCharsets.UTF_8);

    /**
     * What a client does not know yet.
     *
     * @param text ready to be sent; empty where there is nothing
     * @param cursor the id of the last event in it; null where there is none
     * @param last whether nothing will follow
     */
    record News(String text, @Nullable String cursor, boolean last) {}

    /** Reads what stands behind an event; everything for null. */
    @FunctionalInterface
    interface Source {

        News after(@Nullable String cursor);
    }

    private final AsyncContext request;
    private final Executor readers;
    private final Source source;
    private final long openedAt = System.nanoTime();
    private @Nullable ServletOutputStream client;
    private @Nullable Runnable onClose;

    // All below is guarded by this.
    private @Nullable String cursor;
    private byte[] unsent;
    private boolean unflushed;
    private boolean outdated = true;
    private boolean reading;
    private boolean started;
    private boolean ending;
    private boolean closed;
    private long progressAt = openedAt;

    LiveStream(AsyncContext request, Executor readers, Source source, String greeting, @Nullable String after) {
        this.request = request;
        this.readers = readers;
        this.source = source;
        this.unsent = greeting.getBytes(StandardCharsets.UTF_8);
        this.cursor = after;
    }

    /** @param whenClosed is run once, at the end */
    void begin(Runnable whenClosed) throws IOException {
        synchronized (this) {
            onClose = whenClosed;
        }
        try {
            request.setTimeout(0);
            request.addListener(this);
            ServletOutputStream stream = request.getResponse().getOutputStream();
            synchronized (this) {
                client = stream;
            }
            stream.setWriteListener(this);
        } catch (IOException | IllegalStateException e) {
            forget();
            throw e;
        }
    }

    /** There may be something new. */
    void news() {
        synchronized (this) {
            outdated = true;
        }
        readIfNeeded();
    }

    /** Ends the stream as soon as the client has taken what it was given. */
    void end() {
        synchronized (this) {
            ending = true;
        }
        send();
    }

    /** Sends a sign of life, gives up a client that takes nothing, ends what has lasted long enough. */
    void care(long now, WatchingSettings settings) {
        boolean giveUp;
        synchronized (this) {
            if (now - openedAt > settings.longestStream().toNanos()) {
                ending = true;
            }
            boolean waiting = unsent.length > 0 || unflushed;
            giveUp = waiting && now - progressAt > settings.stall().toNanos();
            if (!waiting && now - progressAt > settings.heartbeat().toNanos()) {
                unsent = HEARTBEAT;
            }
        }
        if (giveUp) {
            LOG.debug("A client that takes nothing is given up");
            close();
        } else {
            send();
            readIfNeeded();
        }
    }

    private void readIfNeeded() {
        synchronized (this) {
            if (closed || ending || reading || !outdated || unsent.length > 0) {
                return;
            }
            reading = true;
            outdated = false;
        }
        try {
            readers.execute(this::read);
        } catch (RejectedExecutionException e) {
            LOG.debug("Stopping");
        }
    }

    private void read() {
        String from;
        synchronized (this) {
            from = cursor;
        }
        try {
            News found = source.after(from);
            synchronized (this) {
                reading = false;
                if (found.cursor() != null) {
                    cursor = found.cursor();
                    unsent = join(unsent, found.text().getBytes(StandardCharsets.UTF_8));
                }
                ending |= found.last();
            }
            send();
            readIfNeeded();
        } catch (RuntimeException e) {
            // A server is away; the caretaker has it tried again.
            LOG.debug("A history cannot be read for a moment", e);
            synchronized (this) {
                reading = false;
                outdated = true;
            }
        }
    }

    private static byte[] join(byte[] first, byte[] second) {
        if (first.length == 0) {
            return second;
        }
        byte[] both = new byte[first.length + second.length];
        System.arraycopy(first, 0, both, 0, first.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    @Override
    public void onWritePossible() {
        synchronized (this) {
            started = true;
        }
        send();
        readIfNeeded();
    }

    /** Hands over what there is, as far as the client takes it; the container calls again when it takes more. */
    private void send() {
        boolean finished = false;
        synchronized (this) {
            ServletOutputStream out = client;
            if (closed || !started || out == null) {
                return;
            }
            try {
                if (unsent.length > 0 && out.isReady()) {
                    out.write(unsent);
                    unsent = NOTHING;
                    unflushed = true;
                    progressAt = System.nanoTime();
                }
                if (unflushed && out.isReady()) {
                    out.flush();
                    unflushed = false;
                    progressAt = System.nanoTime();
                }
                finished = ending && !reading && unsent.length == 0 && !unflushed && out.isReady();
            } catch (IOException | RuntimeException e) {
                // What the container throws of a connection that it has given up already is not laid down.
                LOG.debug("A client left", e);
                finished = true;
            }
        }
        if (finished) {
            close();
        }
    }

    /** The container then tells the {@link AsyncListener}, who completes. */
    @Override
    public void onError(Throwable failure) {
        LOG.debug("A client left", failure);
        forget();
    }

    private void close() {
        if (forget()) {
            complete();
        }
    }

    private void complete() {
        try {
            request.complete();
        } catch (RuntimeException e) {
            LOG.debug("The container has ended it already", e);
        }
    }

    private boolean forget() {
        Runnable last;
        synchronized (this) {
            if (closed) {
                return false;
            }
            closed = true;
            last = onClose;
        }
        if (last != null) {
            last.run();
        }
        return true;
    }

    @Override
    public void onComplete(AsyncEvent event) {
        forget();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        close();
    }

    /** Without completing here, the container would answer with an error page. */
    @Override
    public void onError(AsyncEvent event) {
        forget();
        complete();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {}
}
