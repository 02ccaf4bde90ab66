package io.waybill.testing.samples.projecting;

import io.waybill.messaging.Commands;
import org.axonframework.eventhandling.EventHandler;

class DispatchingProjection {

    @EventHandler
    void on(String event, Commands commands) {}
}
