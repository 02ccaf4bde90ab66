package io.waybill.order.fulfilment;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.Revision;

/** A compensation was refused, and its pause before the next try is over. */
@Revision(1)
record RetryDue(OrderId orderId, Step step, int attempt) implements FulfilmentEvent {}
