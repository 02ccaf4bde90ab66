package io.waybill.gateway.admission;

import java.util.concurrent.atomic.AtomicReference;

/** A request's place in its lane, which it gives up while it waits for its own client. */
final class Place {

    static final String ATTRIBUTE = Place.class.getName();

    private enum State {
        OUTSIDE,
        INSIDE,
        /** The request is over, on whatever thread that was noticed. */
        GONE
    }

    private final Lane lane;
    private final AtomicReference<State> state = new AtomicReference<>(State.OUTSIDE);

    Place(Lane lane) {
        this.lane = lane;
    }

    /** False where there is no place, and where the request is over. */
    boolean take() {
        if (!lane.enter()) {
            return false;
        }
        if (state.compareAndSet(State.OUTSIDE, State.INSIDE)) {
            return true;
        }
        lane.leave();
        return false;
    }

    void giveUp() {
        if (state.compareAndSet(State.INSIDE, State.OUTSIDE)) {
            lane.leave();
        }
    }

    /** Gives it up for good. */
    void end() {
        if (state.getAndSet(State.GONE) == State.INSIDE) {
            lane.leave();
        }
    }
}
