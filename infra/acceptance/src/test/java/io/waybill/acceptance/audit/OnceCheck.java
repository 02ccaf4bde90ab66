package io.waybill.acceptance.audit;

import static io.waybill.acceptance.audit.Invariant.ONCE;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the partners did for each order: once at most, and never a parcel without money. */
final class OnceCheck implements Check {

    @Override
    public Stream<Violation> violations(Books books) {
        var found = new ArrayList<Violation>();
        Map<String, List<PartnerCall>> payments = books.paymentCallsByKey();
        Map<String, List<PartnerCall>> shipments = books.shipmentCallsByKey();
        payments.forEach((key, calls) -> {
            atMostOnce(key, "CHARGE", calls, found);
            atMostOnce(key, "REFUND", calls, found);
            if (count("REFUND", calls) > count("CHARGE", calls)) {
                found.add(ONCE.violatedBy(key, "was refunded and never charged"));
            }
        });
        shipments.forEach((key, calls) -> {
            atMostOnce(key, "BOOK", calls, found);
            atMostOnce(key, "CANCEL", calls, found);
            String payment = key.replaceFirst("^shp_", "pay_");
            if (count("BOOK", calls) > 0 && count("CHARGE", payments.getOrDefault(payment, List.of())) == 0) {
                found.add(ONCE.violatedBy(key, "was booked, and %s was never charged".formatted(payment)));
            }
        });
        for (OrderView order : books.orders()) {
            List<PartnerCall> calls = shipments.getOrDefault(order.shipmentId(), List.of());
            long parcels = count("BOOK", calls) - count("CANCEL", calls);
            if (order.isAtRest() && !order.isStuck() && parcels != (order.isKept() ? 1 : 0)) {
                found.add(ONCE.violatedBy(
                        order.id(), "%s, and the carrier has %d parcels".formatted(order.status(), parcels)));
            }
        }
        return found.stream();
    }

    private static void atMostOnce(String key, String kind, List<PartnerCall> calls, List<Violation> found) {
        long times = count(kind, calls);
        if (times > 1) {
            found.add(ONCE.violatedBy(key, "%s took effect %d times".formatted(kind, times)));
        }
    }

    private static long count(String kind, List<PartnerCall> calls) {
        return calls.stream().filter(call -> call.did(kind)).count();
    }
}
