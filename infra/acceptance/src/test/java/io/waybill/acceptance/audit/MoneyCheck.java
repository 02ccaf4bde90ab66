package io.waybill.acceptance.audit;

import static io.waybill.acceptance.audit.Invariant.MONEY;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the payment partner kept is what the customers owe: order by order, and in sum for each currency. */
final class MoneyCheck implements Check {

    @Override
    public Stream<Violation> violations(Books books) {
        var found = new ArrayList<Violation>();
        Map<String, List<PartnerCall>> calls = books.paymentCallsByKey();
        Map<String, BigDecimal> owed = new HashMap<>();
        Set<String> known = new HashSet<>();
        for (OrderView order : books.orders()) {
            known.add(order.paymentId());
            List<PartnerCall> entries = calls.getOrDefault(order.paymentId(), List.of());
            BigDecimal kept = kept(entries);
            BigDecimal due = due(order, kept);
            owed.merge(order.currency(), due, BigDecimal::add);
            if (kept.compareTo(due) != 0) {
                found.add(MONEY.violatedBy(
                        order.id(), "%s, but %s of %s was kept".formatted(order.status(), kept, order.total())));
            }
            entries.stream()
                    .filter(PartnerCall::effective)
                    .filter(entry -> !entry.currency().equals(order.currency()))
                    .forEach(entry -> found.add(MONEY.violatedBy(
                            order.id(), "costs %s, but %s were moved".formatted(order.currency(), entry.currency()))));
        }
        calls.forEach((key, entries) -> {
            if (!known.contains(key) && entries.stream().anyMatch(PartnerCall::effective)) {
                found.add(MONEY.violatedBy(key, "money was moved for no order"));
            }
        });
        byCurrency(books.paymentCalls()).forEach((currency, kept) -> {
            if (kept.compareTo(owed.getOrDefault(currency, BigDecimal.ZERO)) != 0) {
                found.add(MONEY.violatedBy(
                        currency, "%s were kept, but %s are owed".formatted(kept, owed.get(currency))));
            }
        });
        return found.stream();
    }

    /** An order that is stuck, or still under way, has been charged in full or not at all. */
    private static BigDecimal due(OrderView order, BigDecimal kept) {
        if (order.isKept()) {
            return order.total();
        }
        return order.isUndone() || kept.signum() == 0 ? BigDecimal.ZERO : order.total();
    }

    static Map<String, BigDecimal> byCurrency(List<PartnerCall> calls) {
        Map<String, BigDecimal> kept = new TreeMap<>();
        calls.stream()
                .filter(PartnerCall::effective)
                .forEach(call -> kept.merge(call.currency(), signed(call), BigDecimal::add));
        return kept;
    }

    private static BigDecimal kept(List<PartnerCall> calls) {
        return calls.stream()
                .filter(PartnerCall::effective)
                .map(MoneyCheck::signed)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static BigDecimal signed(PartnerCall call) {
        return call.kind().equals("REFUND") ? call.amount().negate() : call.amount();
    }
}
