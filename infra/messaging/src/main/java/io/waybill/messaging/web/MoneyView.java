package io.waybill.messaging.web;

import io.waybill.kernel.Money;

/** Money as REST clients see it: {@code {"amount":"12.50","currency":"EUR"}}. */
public record MoneyView(String amount, String currency) {

    public static MoneyView of(Money money) {
        return new MoneyView(money.amount(), money.currency());
    }

    /**
     * The amount that a client named.
     *
     * @throws io.waybill.kernel.InvalidValueException if it is no amount of that currency
     */
    public Money toMoney() {
        return Money.parse(amount, currency);
    }
}
