package io.waybill.order.api;

import io.waybill.kernel.OrderId;

/** A step could not be undone although it was tried again and again; a person must look. */
public record ReportStuckCompensation(OrderId orderId, CompensationStep step) implements OrderCommand {}
