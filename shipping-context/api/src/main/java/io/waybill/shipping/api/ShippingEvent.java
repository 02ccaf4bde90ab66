package io.waybill.shipping.api;

import io.waybill.kernel.Event;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.ShipmentId;

/** Everything that happens to a shipment. */
public sealed interface ShippingEvent extends Event
        permits ShipmentRequested,
                ShipmentCreated,
                ShipmentFailed,
                ShipmentCancelled,
                ShipmentCancellationRefused,
                ShipmentDispatched,
                ShipmentDelivered {

    ShipmentId shipmentId();

    OrderId orderId();

    @Override
    default String subject() {
        return shipmentId().value();
    }

    @Override
    default String partitionKey() {
        return orderId().value();
    }
}
