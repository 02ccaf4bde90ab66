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
        @Nullable PaymentRequested charge = commands.sendAndWait(new TakeUpCharge(PaymentId.of(key)));
        return charge == null ? TaskResult.done() : charge(charge);
    }

    /** A refund that is asked meanwhile changes nothing here, as it would not if it were asked during the call. */
    @Override
    public TaskResult handleAtOnce(String key, Object known) {
        return known instanceof PaymentRequested charge ? charge(charge) : handle(key, 1);
    }

    private TaskResult charge(PaymentRequested charge) {
        String key = charge.paymentId().value();
        ChargeAnswer answer = calls.call("charge", () -> partner.charge(key, charge.amount(), charge.paymentMethod()));
        commands.sendAndWait(new RecordChargeAnswer(charge.paymentId(), answer));
        return TaskResult.done();
    }
}
