package io.waybill.payment.sandbox;

import io.waybill.kernel.Money;

/** What the sandbox captured and refunded in one currency. */
record SandboxTotal(Money captured, Money refunded) {}
