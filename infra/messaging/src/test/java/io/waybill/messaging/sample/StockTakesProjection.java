package io.waybill.messaging.sample;

import io.waybill.messaging.SafeToReapply;
import io.waybill.messaging.sample.ShelfAlarm.StockTakeDue;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ResetHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Remembers which shelves were due, once each. */
@Component
@SafeToReapply
@ProcessingGroup("inventory.stock-takes")
class StockTakesProjection {

    private final JdbcClient jdbc;

    StockTakesProjection(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @EventHandler
    void on(StockTakeDue event) {
        jdbc.sql("insert into sample_stock_take (shelf) values (?) on conflict do nothing")
                .param(event.shelf())
                .update();
    }

    @ResetHandler
    void reset() {
        jdbc.sql("delete from sample_stock_take").update();
    }
}
