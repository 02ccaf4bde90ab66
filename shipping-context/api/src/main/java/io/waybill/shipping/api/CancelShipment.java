package io.waybill.shipping.api;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.ShipmentId;

/** Take the booking back, and book nothing afterwards. */
public record CancelShipment(ShipmentId shipmentId, OrderId orderId) implements ShippingCommand {

    @Override
    public String partitionKey() {
        return orderId().value();
    }
}
