package io.waybill.order.ordering;

import io.waybill.inventory.api.PriceChanged;
import io.waybill.inventory.api.ProductListed;
import io.waybill.kernel.Money;
import io.waybill.kernel.Sku;
import io.waybill.messaging.SafeToReapply;
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
@ProcessingGroup("order.price-list")
@SafeToReapply
class PriceListProjection implements PriceList {

    private final JdbcClient jdbc;

    PriceListProjection(JdbcClient jdbc) {
        this.jdbc = jdbc;
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

    @Override
    public Map<Sku, Money> pricesOf(Set<Sku> skus) {
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
