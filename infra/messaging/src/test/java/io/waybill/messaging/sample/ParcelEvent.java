package io.waybill.messaging.sample;

import io.waybill.kernel.Event;
import io.waybill.kernel.Revision;

/** What the context of parcels tells. */
public sealed interface ParcelEvent extends Event {

    /** Revision 1 did not say how many pieces there are: it was always one. */
    @Revision(2)
    record ShipmentDispatched(String parcel, String shelf, int pieces) implements ParcelEvent {

        @Override
        public String subject() {
            return parcel;
        }

        @Override
        public String partitionKey() {
            return shelf;
        }
    }
}
