package io.waybill.testing.samples.pay.api;

import io.waybill.kernel.Event;

/** A family whose members are not as they should be. */
public sealed interface Written {

    /** Forgets a field on its way. */
    record Lossy(String kept, String lost) implements Written {

        public Lossy {
            lost = "";
        }

        @Override
        public boolean equals(Object other) {
            return false;
        }

        @Override
        public int hashCode() {
            return 0;
        }
    }

    /** Does not say its revision. */
    record Unrevised(String subject) implements Written, Event {}

    /** Is no record. */
    final class Loose implements Written {}
}
