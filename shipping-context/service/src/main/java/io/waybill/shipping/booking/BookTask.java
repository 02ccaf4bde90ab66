package io.waybill.shipping.booking;

import io.waybill.kernel.ShipmentId;
import io.waybill.messaging.tasks.PartnerCalls;
import io.waybill.messaging.tasks.TaskHandler;
import io.waybill.messaging.tasks.TaskResult;
import io.waybill.shipping.api.ShipmentRequested;
import io.waybill.shipping.booking.Carrier.BookingAnswer;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Asks the carrier to book, again and again until it answers or the shipment is cancelled. */
@Component
class BookTask implements TaskHandler {

    static final String QUEUE = "shipping.book";

    private final CommandGateway commands;
    private final Carrier carrier;
    private final PartnerCalls calls;

    BookTask(CommandGateway commands, Carrier carrier, PartnerCalls carrierCalls) {
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
        ShipmentId shipmentId = ShipmentId.of(key);
        @Nullable ShipmentRequested booking = commands.sendAndWait(new TakeUpBooking(shipmentId));
        if (booking != null) {
            BookingAnswer answer = calls.call("book", () -> carrier.book(key, booking.address()));
            commands.sendAndWait(new RecordBookingAnswer(shipmentId, answer));
        }
        return TaskResult.done();
    }
}
