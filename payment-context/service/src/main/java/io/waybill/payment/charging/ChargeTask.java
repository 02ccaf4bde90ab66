package io.waybill.payment.charging;

import io.waybill.kernel.PaymentId;
import io.waybill.messaging.tasks.PartnerCalls;
import io.waybill.messaging.tasks.TaskHandler;
import io.waybill.messaging.tasks.TaskResult;
import io.waybill.payment.api.PaymentRequested;
import io.waybill.payment.charging.PaymentPartner.ChargeAnswer;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Asks the partner to charge, again and again until it answers or a refund is asked. */
@Component
class ChargeTask implements TaskHandler {

    static final String QUEUE = "payment.charge";

    private final CommandGateway commands;
    private final PaymentPartner partner;
    private final PartnerCalls calls;

    ChargeTask(CommandGateway commands, PaymentPartner partner, PartnerCalls partnerCalls) {
        this.commands = commands;
        this.partner = partner;
        this.calls = partnerCalls;
    }

    @Override
    public String queue() {
        return QUEUE;
    }

    @Override
    public TaskResult handle(String key, int attempt) {
        PaymentId paymentId = PaymentId.of(key);
        @Nullable PaymentRequested charge = commands.sendAndWait(new TakeUpCharge(paymentId));
        if (charge != null) {
            ChargeAnswer answer =
                    calls.call("charge", () -> partner.charge(key, charge.amount(), charge.paymentMethod()));
            commands.sendAndWait(new RecordChargeAnswer(paymentId, answer));
        }
        return TaskResult.done();
    }
}
