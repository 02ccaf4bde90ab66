package io.waybill.shipping.booking;

import io.waybill.kernel.Command;
import io.waybill.kernel.ShipmentId;

/** The carrier took the booking back, or never had it and never will. */
record RecordCancellation(ShipmentId shipmentId) implements Command {

    @Override
    public String target() {
        return shipmentId.value();
    }
}
