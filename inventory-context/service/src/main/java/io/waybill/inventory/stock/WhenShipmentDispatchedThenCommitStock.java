package io.waybill.inventory.stock;

import io.waybill.inventory.api.CommitStock;
import io.waybill.messaging.Commands;
import io.waybill.shipping.api.ShipmentDispatched;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DisallowReplay;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.stereotype.Component;

/** The pieces of an order are gone as soon as its parcel is on its way. */
@Component
@ProcessingGroup("inventory.commit-on-dispatch")
@DisallowReplay
class WhenShipmentDispatchedThenCommitStock {

    @EventHandler
    void on(ShipmentDispatched event, Commands commands) {
        commands.send(new CommitStock(event.orderId()));
    }
}
