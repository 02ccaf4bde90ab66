package io.waybill.simulation;

import io.waybill.kernel.Address;
import io.waybill.kernel.CustomerId;
import io.waybill.kernel.Money;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.PaymentId;
import io.waybill.kernel.Quantity;
import io.waybill.kernel.ShipmentId;
import io.waybill.kernel.Sku;
import io.waybill.order.api.PlaceOrder;
import io.waybill.order.api.RequestedLine;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * What the people around an order are going to do.
 *
 * @param cancelAfter after how many steps of the run the customer cancels; never if negative
 * @param dispatchAfter after how many steps an operator hands the parcel to the carrier, once it is booked
 * @param resumes how many times an operator lets a stuck order go on
 */
record Plan(PlaceOrder wish, int cancelAfter, int dispatchAfter, boolean delivers, int resumes) {

    static final Sku MUG = Sku.of("MUG-ENAMEL");
    static final Sku LANTERN = Sku.of("LANTERN-CAMP");
    static final Sku POSTER = Sku.of("POSTER-WORLD");

    static final Map<Sku, Money> PRICES = Map.of(
            MUG, Money.ofMinor(1200, "EUR"), LANTERN, Money.ofMinor(3749, "EUR"), POSTER, Money.ofMinor(1999, "USD"));

    /** One order for lanterns can be filled, and not two. */
    static final Map<Sku, Long> RECEIVED = Map.of(MUG, 9L, LANTERN, 3L, POSTER, 3L);

    static final int NEVER = -1;
    private static final int LONGEST = 60;

    private static final CustomerId CUSTOMER = CustomerId.of("cus_1");

    private static final List<List<RequestedLine>> WISHES = List.of(
            List.of(line(MUG, 1)),
            List.of(line(LANTERN, 2)),
            List.of(line(MUG, 2), line(LANTERN, 2)),
            List.of(line(POSTER, 1)),
            List.of(line(MUG, 1), line(LANTERN, 4)));

    private static final List<String> METHODS = List.of(
            "pm_card_visa",
            "pm_card_visa",
            "pm_card_visa",
            "pm_card_visa",
            "pm_card_visa",
            "pm_card_visa",
            "pm_card_visa_chargeDeclined",
            "pm_card_visa_chargeDeclinedInsufficientFunds",
            "pm_sandbox_slow",
            "pm_sandbox_silent",
            "pm_sandbox_unavailable",
            "pm_sandbox_refund_fails");

    static Plan from(Choices choices, int number) {
        List<RequestedLine> lines = choices.oneOf(WISHES);
        String postalCode = choices.oneOf(List.of("10115", "10115", "10115", "00000"));
        String method = choices.oneOf(METHODS);
        int cancelAfter = choices.below(2) == 0 ? NEVER : choices.below(LONGEST);
        int dispatchAfter = choices.below(4) == 3 ? NEVER : choices.below(2) * choices.below(LONGEST);
        return new Plan(
                new PlaceOrder(
                        order(number),
                        CUSTOMER,
                        lines,
                        new Address("Ada Lovelace", "12 Engine Street", "London", postalCode, "GB"),
                        method),
                cancelAfter,
                dispatchAfter,
                choices.below(2) == 0,
                resumes(method, choices.below(4)));
    }

    /** A partner that never answers a charge is asked for ever, unless somebody sees to it that it is refunded. */
    private static int resumes(String method, int times) {
        return method.equals("pm_sandbox_silent") ? Integer.MAX_VALUE : times;
    }

    private static OrderId order(int number) {
        return OrderId.of("ord_" + new UUID(0x7000L, 0x8000_0000_0000_0000L | number));
    }

    private static RequestedLine line(Sku sku, int pieces) {
        return new RequestedLine(sku, Quantity.of(pieces));
    }

    OrderId orderId() {
        return wish.orderId();
    }

    PaymentId paymentId() {
        return PaymentId.forOrder(orderId());
    }

    ShipmentId shipmentId() {
        return ShipmentId.forOrder(orderId());
    }

    Money total() {
        return wish.lines().stream()
                .map(line -> Objects.requireNonNull(PRICES.get(line.sku())).times(line.quantity()))
                .reduce(Money::plus)
                .orElseThrow();
    }

    @Override
    public String toString() {
        return orderId() + ": " + wish.lines() + ", " + wish.paymentMethod() + ", to "
                + wish.shippingAddress().postalCode() + ", cancelled after " + cancelAfter + " steps, dispatched after "
                + dispatchAfter + (delivers ? ", delivered" : "") + ", resumed " + resumes + " times";
    }
}
