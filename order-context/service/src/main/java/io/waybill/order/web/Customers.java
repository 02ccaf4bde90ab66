package io.waybill.order.web;

import io.waybill.kernel.CustomerId;
import io.waybill.messaging.security.CurrentCaller;
import io.waybill.security.Caller;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Who asks, and which orders are theirs. */
@Component
class Customers {

    private final CurrentCaller caller;

    Customers(CurrentCaller caller) {
        this.caller = caller;
    }

    Caller current() {
        return caller.get();
    }

    /** Whose orders the caller's list shows; null for everybody's. */
    @Nullable
    CustomerId listed() {
        return current().isOperator() ? null : current().id();
    }

    boolean maySee(CustomerId owner) {
        return current().mayTouchWhatBelongsTo(owner);
    }
}
