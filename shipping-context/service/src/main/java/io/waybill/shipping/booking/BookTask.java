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
        @Nullable ShipmentRequested booking = commands.sendAndWait(new TakeUpBooking(ShipmentId.of(key)));
        return booking == null ? TaskResult.done() : book(booking);
    }

    /**
     * A cancellation that is asked meanwhile changes nothing here, as it would not if it were asked during the call.
     */
    @Override
    public TaskResult handleAtOnce(String key, Object known) {
        return known instanceof ShipmentRequested booking ? book(booking) : handle(key, 1);
    }

    private TaskResult book(ShipmentRequested booking) {
        String key = booking.shipmentId().value();
        BookingAnswer answer = calls.call("book", () -> carrier.book(key, booking.address()));
        commands.sendAndWait(new RecordBookingAnswer(booking.shipmentId(), answer));
        return TaskResult.done();
    }
}
