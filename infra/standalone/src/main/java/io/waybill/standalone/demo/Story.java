package io.waybill.standalone.demo;

import java.util.List;
import java.util.function.Consumer;

/**
 * What happens to one order.
 *
 * @param name what the story is about
 * @param purchase what is bought
 * @param play what customer and operator do after the order was placed
 * @param status how the order must end
 * @param reason why, where it was rejected; else empty
 * @param events what must have happened by the end
 */
record Story(
        String name, Purchase purchase, Consumer<Journey> play, String status, String reason, List<String> events) {

    private static final String MUG = "MUG-ENAMEL";
    private static final String BEANS = "BEANS-HOUSE-250";
    private static final String NO_CARRIER = "00000";
    private static final int MORE_THAN_THERE_IS = 5_000;

    static final List<Story> ALL = List.of(
            of("Bought and delivered", Purchase.of(MUG, 2))
                    .played(Story::deliver)
                    .endsAs("DELIVERED")
                    .after("PaymentCompleted", "StockReserved", "ShipmentCreated", "StockCommitted"),
            of("Payment declined", Purchase.of(BEANS, 1).paidWith("pm_card_visa_chargeDeclined"))
                    .endsAs("REJECTED", "PAYMENT_DECLINED")
                    .after("PaymentFailed"),
            of("Out of stock after payment", Purchase.of("GRINDER-HAND", MORE_THAN_THERE_IS))
                    .endsAs("REJECTED", "OUT_OF_STOCK")
                    .after("StockReservationFailed", "PaymentRefunded"),
            of("Carrier refuses after stock was reserved", Purchase.of(BEANS, 1).sentTo(NO_CARRIER))
                    .endsAs("REJECTED", "SHIPMENT_REFUSED")
                    .after("ShipmentFailed", "StockReleased", "PaymentRefunded"),
            of("Customer cancels half-way", Purchase.of(BEANS, 1).paidWith("pm_sandbox_slow"))
                    .played(Journey::cancel)
                    .endsAs("CANCELLED")
                    .after("CancellationRequested"),
            of("Customer cancels a confirmed order", Purchase.of(MUG, 1))
                    .played(Story::cancelWhenConfirmed)
                    .endsAs("CANCELLED")
                    .after("ShipmentCancelled", "StockReleased", "PaymentRefunded"),
            of("The same request sent twice buys once", Purchase.of(MUG, 1))
                    .played(Journey::placeAgain)
                    .endsAs("CONFIRMED")
                    .after("PaymentCompleted"),
            of("Payment partner is slow", Purchase.of(BEANS, 1).paidWith("pm_sandbox_slow"))
                    .endsAs("CONFIRMED")
                    .after("PaymentCompleted"),
            of(
                            "Payment partner is unavailable for a while",
                            Purchase.of(BEANS, 1).paidWith("pm_sandbox_unavailable"))
                    .endsAs("CONFIRMED")
                    .after("PaymentCompleted"),
            of("Payment partner stays silent", Purchase.of(BEANS, 1).paidWith("pm_sandbox_silent"))
                    .endsAs("REJECTED", "TIMED_OUT")
                    .after("RefundRequested"),
            of(
                            "Refund fails until an operator resumes it",
                            Purchase.of(MUG, 1)
                                    .paidWith("pm_sandbox_refund_fails")
                                    .sentTo(NO_CARRIER))
                    .played(Story::resumeWhenStuck)
                    .endsAs("REJECTED", "SHIPMENT_REFUSED")
                    .after("RefundFailed", "CompensationStuck", "CompensationResumed", "PaymentRefunded"));

    Story {
        events = List.copyOf(events);
    }

    /** Shipping is away from before the order is placed until its turn has come. */
    static Story withoutShipping(Runnable shippingComesBack) {
        return of("Shipping is down for a while, and the order finishes later", Purchase.of(MUG, 1))
                .played(journey -> {
                    journey.awaitStatus("RESERVED");
                    shippingComesBack.run();
                })
                .endsAs("CONFIRMED")
                .after("StockReserved", "ShipmentCreated", "OrderConfirmed");
    }

    private static Story of(String name, Purchase purchase) {
        return new Story(name, purchase, journey -> {}, "", "", List.of());
    }

    private Story played(Consumer<Journey> play) {
        return new Story(name, purchase, play, status, reason, events);
    }

    private Story endsAs(String status) {
        return endsAs(status, "");
    }

    private Story endsAs(String status, String reason) {
        return new Story(name, purchase, play, status, reason, events);
    }

    private Story after(String... events) {
        return new Story(name, purchase, play, status, reason, List.of(events));
    }

    private static void deliver(Journey journey) {
        journey.awaitStatus("CONFIRMED");
        journey.dispatch();
        journey.awaitStatus("DISPATCHED");
        journey.deliver();
        journey.awaitEvent("StockCommitted");
    }

    private static void cancelWhenConfirmed(Journey journey) {
        journey.awaitStatus("CONFIRMED");
        journey.cancel();
    }

    private static void resumeWhenStuck(Journey journey) {
        journey.awaitStatus("COMPENSATION_STUCK");
        journey.resume();
    }
}
