package io.waybill.gateway.cache;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What this process may conclude from having heard no event about an answer. While it is not connected it hears
 * nothing; once it is, it has missed whatever happened before, so that only answers count whose read model had seen all
 * that stood in the stream at some moment after.
 */
final class EventFeed {

    /**
     * @param session drawn anew with every connection and every loss
     * @param floor all events up to here may have been missed; null until a context has said how far its stream goes
     */
    private record State(
            boolean connected, long session, @Nullable Position floor) {}

    private final AtomicReference<State> state = new AtomicReference<>(new State(false, 0, null));

    /**
     * From here on nothing is missed, unless something was lost since.
     *
     * @param session what {@link #lost} answered, before the connection was made
     * @return whether it is heard now
     */
    boolean connected(long session) {
        var now =
                state.updateAndGet(before -> before.session() == session ? new State(true, session + 1, null) : before);
        return now.connected() && now.session() == session + 1;
    }

    /**
     * Also when an event could not be noted: for all that is known it was missed.
     *
     * @return the session in which nothing is heard
     */
    long lost() {
        return state.updateAndGet(before -> new State(false, before.session() + 1, null))
                .session();
    }

    /** What was heard so far may have been forgotten elsewhere; what comes from here on is heard as before. */
    void forget() {
        state.updateAndGet(before -> new State(before.connected(), before.session() + 1, null));
    }

    boolean isConnected() {
        return state.get().connected();
    }

    /** To be remembered when a request is sent to a context. */
    long session() {
        return state.get().session();
    }

    /**
     * Learns from an answer how far the stream goes.
     *
     * @param session when the request was sent
     * @param head the end of the stream when the answer was made
     */
    void learn(long session, @Nullable Position head) {
        if (head != null) {
            state.updateAndGet(before -> before.connected() && before.session() == session && before.floor() == null
                    ? new State(true, session, head)
                    : before);
        }
    }

    /**
     * Whether an answer of that position would have been outdated by the events that came since, had there been any.
     */
    boolean vouchesFor(@Nullable Position position) {
        var now = state.get();
        return now.connected() && now.floor() != null && position != null && !position.isBefore(now.floor());
    }

    /** Whether the feed was heard all the time since. */
    boolean isUnbroken(long session) {
        var now = state.get();
        return now.connected() && now.session() == session;
    }
}
