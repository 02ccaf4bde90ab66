package io.waybill.order.fulfilment;

import io.waybill.messaging.Commands;
import io.waybill.order.api.RecordDispatch;
import io.waybill.shipping.api.ShipmentDispatched;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DisallowReplay;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.stereotype.Component;

/** The order knows that its parcel is on its way. */
@Component
@ProcessingGroup("order.record-dispatch")
@DisallowReplay
class WhenShipmentDispatchedThenRecordDispatch {

    @EventHandler
    void on(ShipmentDispatched event, Commands commands) {
        commands.send(new RecordDispatch(event.orderId(), event.shipmentId()));
    }
}
