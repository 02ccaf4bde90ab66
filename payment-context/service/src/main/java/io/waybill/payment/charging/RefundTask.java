package io.waybill.payment.charging;

import io.waybill.kernel.PaymentId;
import io.waybill.messaging.tasks.PartnerCalls;
import io.waybill.messaging.tasks.TaskHandler;
import io.waybill.messaging.tasks.TaskResult;
import io.waybill.payment.api.RefundRequested;
import io.waybill.payment.charging.PaymentPartner.RefundAnswer;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Asks the partner to refund, again and again until it answers. */
@Component
class RefundTask implements TaskHandler {

    static final String QUEUE = "payment.refund";

    private final CommandGateway commands;
    private final PaymentPartner partner;
    private final PartnerCalls calls;

    RefundTask(CommandGateway commands, PaymentPartner partner, PartnerCalls partnerCalls) {
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
        @Nullable RefundRequested refund = commands.sendAndWait(new TakeUpRefund(paymentId));
        if (refund != null) {
            RefundAnswer answer = calls.call("refund", () -> partner.refund(key, refund.operatorApproved()));
            commands.sendAndWait(new RecordRefundAnswer(paymentId, refund.operatorApproved(), answer));
        }
        return TaskResult.done();
    }
}
