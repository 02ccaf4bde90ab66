package io.waybill.order.ordering;

import io.waybill.inventory.api.PriceChanged;
import io.waybill.inventory.api.ProductListed;
import io.waybill.kernel.Money;
import io.waybill.kernel.Sku;
import io.waybill.messaging.Rejection;
import io.waybill.messaging.SafeToReapply;
import io.waybill.messaging.processing.Processors;
import io.waybill.order.OrderRejection;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.Timestamp;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The order context's own price list, as the inventory context tells the prices. A price never gives way to an older
 * one, so that old news heard again leaves every product at its price of today.
 */
@Component
@ProcessingGroup(PriceListProjection.GROUP)
@SafeToReapply
class PriceListProjection implements PriceList {

    static final String GROUP = "order.price-list";

    private final JdbcClient jdbc;
    private final Processors processors;

    PriceListProjection(JdbcClient jdbc, Processors processors) {
        this.jdbc = jdbc;
        this.processors = processors;
    }

    @EventHandler
    void on(ProductListed event, @Timestamp Instant at) {
        put(event.sku(), event.price(), at);
    }

    @EventHandler
    void on(PriceChanged event, @Timestamp Instant at) {
        put(event.sku(), event.price(), at);
    }

    @ResetHandler
    void reset() {
        jdbc.sql("delete from price_list").update();
    }

    /** @throws Rejection if a product is missing because the list is being rebuilt */
    @Override
    public Map<Sku, Money> pricesOf(Set<Sku> skus) {
        Map<Sku, Money> prices = selectPrices(skus);
        if (prices.size() == skus.size()) {
            return prices;
        }
        if (processors.isReplaying(GROUP)) {
            throw new Rejection(
                    OrderRejection.READ_MODEL_REBUILDING, "The price list is being rebuilt. Try again soon.");
        }
        // A replay may have ended between the two questions.
        return selectPrices(skus);
    }

    private Map<Sku, Money> selectPrices(Set<Sku> skus) {
        Map<Sku, Money> prices = new HashMap<>();
        jdbc.sql("select sku, amount_minor, currency from price_list where sku in (:skus)")
                .param("skus", skus.stream().map(Sku::value).toList())
                .query(row -> {
                    Money price = Money.ofMinor(row.getLong("amount_minor"), row.getString("currency"));
                    prices.put(Sku.of(row.getString("sku")), price);
                });
        return prices;
    }

    private void put(Sku sku, Money price, Instant at) {
        jdbc.sql("""
            insert into price_list (sku, amount_minor, currency, since)
            values (:sku, :amount, :currency, :at)
            on conflict (sku) do update
            set amount_minor = excluded.amount_minor, currency = excluded.currency, since = excluded.since
            where price_list.since <= excluded.since\
            """)
                .param("sku", sku.value())
                .param("amount", price.minorUnits())
                .param("currency", price.currency())
                .param("at", OffsetDateTime.ofInstant(at, ZoneOffset.UTC))
                .update();
    }
}
