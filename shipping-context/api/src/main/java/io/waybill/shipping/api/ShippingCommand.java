package io.waybill.shipping.api;

import io.waybill.kernel.Command;
import io.waybill.kernel.ShipmentId;

/** Everything the shipping context can be asked to do. */
public sealed interface ShippingCommand extends Command
        permits CreateShipment, CancelShipment, DispatchShipment, ConfirmDelivery {

    ShipmentId shipmentId();

    @Override
    default String target() {
        return shipmentId().value();
    }
}
