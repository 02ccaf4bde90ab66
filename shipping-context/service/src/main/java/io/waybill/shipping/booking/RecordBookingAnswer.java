package io.waybill.shipping.booking;

import io.waybill.kernel.Command;
import io.waybill.kernel.ShipmentId;
import io.waybill.shipping.booking.Carrier.BookingAnswer;

/** The carrier answered a booking. */
record RecordBookingAnswer(ShipmentId shipmentId, BookingAnswer answer) implements Command {

    @Override
    public String target() {
        return shipmentId.value();
    }
}
