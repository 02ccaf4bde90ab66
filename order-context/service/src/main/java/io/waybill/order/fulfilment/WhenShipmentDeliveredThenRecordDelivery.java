package io.waybill.order.fulfilment;

import io.waybill.messaging.Commands;
import io.waybill.order.api.RecordDelivery;
import io.waybill.shipping.api.ShipmentDelivered;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DisallowReplay;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.stereotype.Component;

/** The order knows that its parcel arrived. */
@Component
@ProcessingGroup("order.record-delivery")
@DisallowReplay
class WhenShipmentDeliveredThenRecordDelivery {

    @EventHandler
    void on(ShipmentDelivered event, Commands commands) {
        commands.send(new RecordDelivery(event.orderId(), event.shipmentId()));
    }
}
