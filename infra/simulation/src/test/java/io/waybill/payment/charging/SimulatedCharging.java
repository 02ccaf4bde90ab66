package io.waybill.payment.charging;

import io.waybill.messaging.tasks.PartnerCalls;
import io.waybill.messaging.tasks.TaskHandler;
import java.util.List;
import org.axonframework.commandhandling.gateway.CommandGateway;

/** The aggregate and the tasks of the payment context. */
public final class SimulatedCharging {

    private SimulatedCharging() {}

    public static Class<?> aggregate() {
        return Payment.class;
    }

    public static List<TaskHandler> tasks(CommandGateway commands, PaymentPartner partner, PartnerCalls calls) {
        return List.of(new ChargeTask(commands, partner, calls), new RefundTask(commands, partner, calls));
    }
}
