package io.waybill.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What the partners of the sandbox wrote down: the truth about money and parcels, whatever Waybill's tables say. */
final class PartnerBooks {

    private final Http payments;
    private final Http shipments;

    private PartnerBooks(URI payments, URI shipments) {
        this.payments = new Http(() -> payments);
        this.shipments = new Http(() -> shipments);
    }

    /** Nothing where the gateway is all that can be reached. */
    static Optional<PartnerBooks> of(RunningSystem system) {
        return system.context("payment")
                .flatMap(payment -> system.context("shipping").map(shipping -> new PartnerBooks(payment, shipping)));
    }

    /** All that was written so far. */
    List<JsonNode> everything() {
        return Stream.concat(
                        items(payments, "/sandbox/payments").stream(), items(shipments, "/sandbox/shipments").stream())
                .toList();
    }

    private static List<JsonNode> items(Http partner, String path) {
        JsonNode items = partner.get(path).orFail().body().path("items");
        return StreamSupport.stream(items.spliterator(), false).toList();
    }
}
