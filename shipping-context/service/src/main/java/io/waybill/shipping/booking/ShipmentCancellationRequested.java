package io.waybill.shipping.booking;

import io.waybill.kernel.Event;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.Revision;
import io.waybill.kernel.ShipmentId;

/** The shipment will not be dispatched any more; the carrier has not yet answered. Of no interest to other contexts. */
@Revision(1)
record ShipmentCancellationRequested(ShipmentId shipmentId, OrderId orderId) implements Event {

    @Override
    public String subject() {
        return shipmentId.value();
    }

    @Override
    public String partitionKey() {
        return orderId.value();
    }
}
