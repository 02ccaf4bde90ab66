package io.waybill.inventory.catalogue;

import io.waybill.kernel.Quantity;
import io.waybill.kernel.Sku;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Raises the rows of {@code stock_level} that reservations draw from. */
@Component
class JdbcStockOnHand implements StockOnHand {

    private final JdbcClient database;

    JdbcStockOnHand(JdbcClient database) {
        this.database = database;
    }

    @Override
    public void add(Sku sku, Quantity quantity) {
        database.sql("""
            insert into stock_level (sku, on_hand) values (:sku, :pieces)
            on conflict (sku) do update set on_hand = stock_level.on_hand + excluded.on_hand
            """)
                .param("sku", sku.value())
                .param("pieces", quantity.value())
                .update();
    }
}
