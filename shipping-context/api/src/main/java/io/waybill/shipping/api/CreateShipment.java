package io.waybill.shipping.api;

import io.waybill.kernel.Address;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.ShipmentId;

/** Book a parcel for the order with the carrier, once. */
public record CreateShipment(ShipmentId shipmentId, OrderId orderId, Address address) implements ShippingCommand {

    @Override
    public String partitionKey() {
        return orderId().value();
    }
}
