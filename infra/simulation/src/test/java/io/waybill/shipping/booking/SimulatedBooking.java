package io.waybill.shipping.booking;

import io.waybill.messaging.MessageCatalogue;
import io.waybill.messaging.tasks.PartnerCalls;
import io.waybill.messaging.tasks.TaskHandler;
import java.util.List;
import org.axonframework.commandhandling.gateway.CommandGateway;

/** The aggregate and the tasks of the shipping context. */
public final class SimulatedBooking {

    private SimulatedBooking() {}

    public static MessageCatalogue messages() {
        return new BookingConfiguration().messages();
    }

    public static Class<?> aggregate() {
        return Shipment.class;
    }

    public static List<TaskHandler> tasks(CommandGateway commands, Carrier carrier, PartnerCalls calls) {
        return List.of(new BookTask(commands, carrier, calls), new CancelTask(commands, carrier, calls));
    }
}
