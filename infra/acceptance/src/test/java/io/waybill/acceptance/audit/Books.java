package io.waybill.acceptance.audit;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Everything that is checked, as it was read.
 *
 * @param isWhole whether these are all orders and all streams of the system, and not what some orders' histories say
 * @param received pieces that arrived, by product
 * @param available pieces that the shop says can be bought, by product
 * @param streams what each context has stored, in the order of its stream; of the order context alone if not whole
 * @param troubles of processors and messages, each in words
 */
record Books(
        boolean isWhole,
        List<OrderView> orders,
        List<PartnerCall> paymentCalls,
        List<PartnerCall> shipmentCalls,
        Map<String, Long> received,
        Map<String, Long> available,
        Map<String, List<Recorded>> streams,
        List<String> troubles,
        Promises promises,
        Replayed replayed) {

    static final List<String> CONTEXTS = List.of("order", "payment", "inventory", "shipping");

    Map<String, OrderView> ordersById() {
        return orders.stream().collect(toMap(OrderView::id, order -> order, (one, same) -> one));
    }

    Map<String, List<PartnerCall>> paymentCallsByKey() {
        return paymentCalls.stream().collect(groupingBy(PartnerCall::key));
    }

    Map<String, List<PartnerCall>> shipmentCallsByKey() {
        return shipmentCalls.stream().collect(groupingBy(PartnerCall::key));
    }

    /** What a context told; as others heard it where its own stream was not read. */
    Stream<Recorded> toldBy(String context) {
        return streams.getOrDefault(isWhole ? context : "order", List.of()).stream()
                .filter(event -> event.source().equals(context));
    }

    /** All products that are spoken of. */
    TreeSet<String> products() {
        var skus = new TreeSet<>(received.keySet());
        skus.addAll(available.keySet());
        return skus;
    }
}
