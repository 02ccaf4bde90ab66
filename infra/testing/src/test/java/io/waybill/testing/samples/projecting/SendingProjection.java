package io.waybill.testing.samples.projecting;

import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventhandling.EventHandler;

class SendingProjection {

    @EventHandler
    void on(String event, CommandGateway gateway) {
        gateway.sendAndWait(event);
    }
}
