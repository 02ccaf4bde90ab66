package io.waybill.inventory.browsing;

import io.waybill.inventory.api.PriceChanged;
import io.waybill.inventory.api.ProductListed;
import io.waybill.inventory.api.StockCommitted;
import io.waybill.inventory.api.StockLine;
import io.waybill.inventory.api.StockReceived;
import io.waybill.inventory.api.StockReleased;
import io.waybill.inventory.api.StockReserved;
import io.waybill.kernel.Money;
import io.waybill.kernel.Sku;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.Timestamp;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Keeps the table {@code product}: what is for sale, and how many pieces of it are there and set aside. */
@Component
@ProcessingGroup("inventory.browsing")
class ProductsProjection {

    private static final String CHANGE = """
        update product
        set on_hand = product.on_hand + :onHand * change.pieces,
            reserved = product.reserved + :reserved * change.pieces,
            updated = :at
        from unnest(cast(:skus as text[]), cast(:pieces as bigint[])) as change (sku, pieces)
        where product.sku = change.sku
        """;

    private final JdbcClient database;

    ProductsProjection(JdbcClient database) {
        this.database = database;
    }

    @EventHandler
    void on(ProductListed event, @Timestamp Instant at) {
        Money price = event.price();
        database.sql("""
            insert into product (sku, name, price_minor, currency, updated)
            values (:sku, :name, :priceMinor, :currency, :at)
            on conflict (sku) do update
            set name = excluded.name, price_minor = excluded.price_minor, currency = excluded.currency,
                updated = excluded.updated
            """)
                .param("sku", event.sku().value())
                .param("name", event.name())
                .param("priceMinor", price.minorUnits())
                .param("currency", price.currency())
                .param("at", utc(at))
                .update();
    }

    @EventHandler
    void on(PriceChanged event, @Timestamp Instant at) {
        int changed = database.sql("""
            update product set price_minor = :priceMinor, currency = :currency, updated = :at
            where sku = :sku
            """)
                .param("sku", event.sku().value())
                .param("priceMinor", event.price().minorUnits())
                .param("currency", event.price().currency())
                .param("at", utc(at))
                .update();
        requireRows(changed, 1, event);
    }

    @EventHandler
    void on(StockReceived event, @Timestamp Instant at) {
        change(event, List.of(new StockLine(event.sku(), event.quantity())), 1, 0, at);
    }

    @EventHandler
    void on(StockReserved event, @Timestamp Instant at) {
        change(event, event.lines(), 0, 1, at);
    }

    @EventHandler
    void on(StockReleased event, @Timestamp Instant at) {
        change(event, event.lines(), 0, -1, at);
    }

    @EventHandler
    void on(StockCommitted event, @Timestamp Instant at) {
        change(event, event.lines(), -1, -1, at);
    }

    @ResetHandler
    void reset() {
        database.sql("delete from product").update();
    }

    /** The signs say what each piece does to the two figures. */
    private void change(Object event, List<StockLine> lines, int onHand, int reserved, Instant at) {
        Map<Sku, Long> pieces = sum(lines);
        int changed = database.sql(CHANGE)
                .param("skus", pieces.keySet().stream().map(Sku::value).toArray(String[]::new))
                .param("pieces", pieces.values().toArray(Long[]::new))
                .param("onHand", onHand)
                .param("reserved", reserved)
                .param("at", utc(at))
                .update();
        requireRows(changed, pieces.size(), event);
    }

    /** Joined with two rows of changes, an updated row would take only one of them. */
    private static Map<Sku, Long> sum(List<StockLine> lines) {
        return lines.stream()
                .collect(Collectors.groupingBy(
                        StockLine::sku,
                        TreeMap::new,
                        Collectors.summingLong(line -> line.quantity().value())));
    }

    private static void requireRows(int changed, int expected, Object event) {
        if (changed != expected) {
            throw new IllegalStateException(event + " speaks of a product that was never listed");
        }
    }

    private static OffsetDateTime utc(Instant at) {
        return at.atOffset(ZoneOffset.UTC);
    }
}
