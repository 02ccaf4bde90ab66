package io.waybill.messaging.sample;

import io.waybill.kernel.Event;
import io.waybill.kernel.Revision;

/** What time tells a shelf. */
public sealed interface ShelfAlarm extends Event {

    @Revision(2)
    record StockTakeDue(String shelf) implements ShelfAlarm {

        @Override
        public String subject() {
            return shelf;
        }
    }
}
