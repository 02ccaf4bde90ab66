package io.waybill.shipping.booking;

import io.waybill.kernel.Command;
import io.waybill.kernel.ShipmentId;

/**
 * What is to be booked now? Answered by the {@link io.waybill.shipping.api.ShipmentRequested}, or null if nothing is.
 */
record TakeUpBooking(ShipmentId shipmentId) implements Command {

    @Override
    public String target() {
        return shipmentId.value();
    }
}
