package io.waybill.order.fulfilment;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.Revision;

/** A command was sent and no answer came in time. */
@Revision(1)
record AnswerOverdue(OrderId orderId, Step step, int attempt) implements FulfilmentEvent {}
