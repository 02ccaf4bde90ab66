package io.waybill.payment.web;

import io.waybill.kernel.PaymentId;
import io.waybill.messaging.Rejection;
import io.waybill.payment.PaymentRejection;
import io.waybill.payment.api.FindPayment;
import io.waybill.payment.api.PaymentSummary;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class PaymentController {

    private final QueryGateway queries;

    PaymentController(QueryGateway queries) {
        this.queries = queries;
    }

    @GetMapping("/api/payments/{id}")
    PaymentView payment(@PathVariable PaymentId id) {
        return queries.query(new FindPayment(id), ResponseTypes.optionalInstanceOf(PaymentSummary.class))
                .join()
                .map(PaymentView::of)
                .orElseThrow(
                        () -> new Rejection(PaymentRejection.PAYMENT_NOT_FOUND, "There is no payment " + id + "."));
    }
}
