package io.waybill.payment.web;

import io.waybill.kernel.CustomerId;
import io.waybill.kernel.PaymentId;
import io.waybill.messaging.Rejection;
import io.waybill.messaging.security.CurrentCaller;
import io.waybill.messaging.web.AnswersFrom;
import io.waybill.payment.PaymentRejection;
import io.waybill.payment.api.FindPayment;
import io.waybill.payment.api.PaymentSummary;
import io.waybill.security.Caller;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class PaymentController {

    private final QueryGateway queries;
    private final CurrentCaller caller;

    PaymentController(QueryGateway queries, CurrentCaller caller) {
        this.queries = queries;
        this.caller = caller;
    }

    @GetMapping("/api/payments/{id}")
    @AnswersFrom("payment.tracking")
    PaymentView payment(@PathVariable PaymentId id) {
        return queries.query(new FindPayment(id), ResponseTypes.optionalInstanceOf(PaymentSummary.class))
                .join()
                .filter(payment -> isVisible(payment, caller.get()))
                .map(PaymentView::of)
                .orElseThrow(
                        () -> new Rejection(PaymentRejection.PAYMENT_NOT_FOUND, "There is no payment " + id + "."));
    }

    /** A payment that is nobody's is an operator's affair. */
    private static boolean isVisible(PaymentSummary payment, Caller caller) {
        CustomerId owner = payment.customerId();
        return owner == null ? caller.isOperator() : caller.mayTouchWhatBelongsTo(owner);
    }
}
