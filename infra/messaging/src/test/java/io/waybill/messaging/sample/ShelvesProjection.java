package io.waybill.messaging.sample;

import io.waybill.messaging.sample.ParcelEvent.ShipmentDispatched;
import io.waybill.messaging.sample.ShelfEvent.GoodsPlaced;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ResetHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Counts, so that an event heard twice shows. */
@Component
@ProcessingGroup("inventory.shelves")
class ShelvesProjection {

    private final JdbcClient jdbc;

    ShelvesProjection(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @EventHandler
    void on(GoodsPlaced event) {
        add(event.shelf(), event.pieces(), 0);
    }

    @EventHandler
    void on(ShipmentDispatched event) {
        add(event.shelf(), 0, event.pieces());
    }

    @ResetHandler
    void reset() {
        jdbc.sql("delete from sample_shelf").update();
    }

    private void add(String shelf, int pieces, int dispatched) {
        jdbc.sql("""
            insert into sample_shelf (shelf, pieces, dispatched) values (:shelf, :pieces, :dispatched)
            on conflict (shelf) do update
               set pieces = sample_shelf.pieces + excluded.pieces,
                   dispatched = sample_shelf.dispatched + excluded.dispatched\
            """)
                .param("shelf", shelf)
                .param("pieces", pieces)
                .param("dispatched", dispatched)
                .update();
    }
}
