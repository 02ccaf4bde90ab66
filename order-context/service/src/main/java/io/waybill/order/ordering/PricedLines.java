package io.waybill.order.ordering;

import io.waybill.kernel.InvalidValueException;
import io.waybill.kernel.Money;
import io.waybill.kernel.Quantity;
import io.waybill.kernel.Sku;
import io.waybill.messaging.Rejection;
import io.waybill.order.OrderRejection;
import io.waybill.order.api.OrderLine;
import io.waybill.order.api.RequestedLine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a customer wants, at the prices of the day: one line per product, all in one currency. */
record PricedLines(List<OrderLine> lines, Money total) {

    static final int MAX_LINES = 100;

    PricedLines {
        lines = List.copyOf(lines);
    }

    /** @throws Rejection if the wish cannot be priced */
    static PricedLines of(List<RequestedLine> wished, PriceList priceList) {
        if (wished.isEmpty() || wished.size() > MAX_LINES) {
            throw new InvalidValueException("an order has 1 to " + MAX_LINES + " lines");
        }
        Map<Sku, Quantity> quantities = summedBySku(wished);
        Map<Sku, Money> prices = priceList.pricesOf(quantities.keySet());
        List<OrderLine> lines = quantities.entrySet().stream()
                .map(line -> new OrderLine(line.getKey(), line.getValue(), priceOf(line.getKey(), prices)))
                .toList();
        requireOneCurrency(lines);
        return new PricedLines(lines, total(lines));
    }

    /** A product that was asked for twice is one line, where it was asked for first. */
    private static Map<Sku, Quantity> summedBySku(List<RequestedLine> wished) {
        Map<Sku, Quantity> quantities = new LinkedHashMap<>();
        wished.forEach(line -> quantities.merge(line.sku(), line.quantity(), (a, b) -> sum(line.sku(), a, b)));
        return quantities;
    }

    private static Quantity sum(Sku sku, Quantity one, Quantity other) {
        int pieces = one.value() + other.value();
        if (pieces > Quantity.MAX) {
            throw new InvalidValueException("an order has at most " + Quantity.MAX + " pieces of " + sku);
        }
        return Quantity.of(pieces);
    }

    private static Money priceOf(Sku sku, Map<Sku, Money> prices) {
        Money price = prices.get(sku);
        if (price == null) {
            throw new Rejection(OrderRejection.UNKNOWN_SKU, "No product " + sku + " is offered");
        }
        return price;
    }

    private static void requireOneCurrency(List<OrderLine> lines) {
        if (lines.stream().map(line -> line.unitPrice().currency()).distinct().count() > 1) {
            throw new Rejection(
                    OrderRejection.MIXED_CURRENCIES, "The products are priced in different currencies: order apart");
        }
    }

    private static Money total(List<OrderLine> lines) {
        try {
            return lines.stream().map(OrderLine::total).reduce(Money::plus).orElseThrow();
        } catch (ArithmeticException e) {
            throw new InvalidValueException("the order's total is too large");
        }
    }
}
