package io.waybill.testing.samples.pay.api;

import io.waybill.kernel.Money;

/** How it is right. */
public record Exact(Money amount, int parts) {}
