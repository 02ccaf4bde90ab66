package io.waybill.shipping.booking;

import io.waybill.kernel.ShipmentId;
import io.waybill.messaging.tasks.PartnerCalls;
import io.waybill.messaging.tasks.TaskHandler;
import io.waybill.messaging.tasks.TaskResult;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.stereotype.Component;

/** Asks the carrier to take a booking back, again and again until it did. */
@Component
class CancelTask implements TaskHandler {

    static final String QUEUE = "shipping.cancel";

    private final CommandGateway commands;
    private final Carrier carrier;
    private final PartnerCalls calls;

    CancelTask(CommandGateway commands, Carrier carrier, PartnerCalls carrierCalls) {
        this.commands = commands;
        this.carrier = carrier;
        this.calls = carrierCalls;
    }

    @Override
    public String queue() {
        return QUEUE;
    }

    @Override
    public TaskResult handle(String key, int attempt) {
        calls.run("cancel", () -> carrier.cancel(key));
        commands.sendAndWait(new RecordCancellation(ShipmentId.of(key)));
        return TaskResult.done();
    }
}
