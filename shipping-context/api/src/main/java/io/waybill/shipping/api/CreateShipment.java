package io.waybill.shipping.api;

import io.waybill.kernel.Address;
import io.waybill.kernel.CustomerId;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.ShipmentId;
import org.jspecify.annotations.Nullable;

/**
 * Book a parcel for the order with the carrier, once. The customer may see how it goes; without one, as commands of
 * before had it, only operators may.
 */
public record CreateShipment(
        ShipmentId shipmentId, OrderId orderId, @Nullable CustomerId customerId, Address address)
        implements ShippingCommand {

    @Override
    public String partitionKey() {
        return orderId().value();
    }
}
