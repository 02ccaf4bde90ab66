package io.waybill.shipping.booking;

import io.waybill.kernel.Address;

/**
 * Who brings the parcels. Key and operation together identify a call: asked again, the carrier does nothing a second
 * time and gives the same answer. An exception means that the answer is unknown, and the call is made again.
 */
public interface Carrier {

    BookingAnswer book(String key, Address address);

    /** Takes back what is booked under the key. A booking that reaches the carrier later is refused. */
    void cancel(String key);

    /** What became of a booking. */
    sealed interface BookingAnswer {
        record Booked(String trackingCode) implements BookingAnswer {}

        record Refused(String reason) implements BookingAnswer {}
    }
}
