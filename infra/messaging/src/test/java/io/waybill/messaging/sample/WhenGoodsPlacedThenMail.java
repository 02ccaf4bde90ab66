package io.waybill.messaging.sample;

import io.waybill.messaging.sample.ShelfEvent.GoodsPlaced;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DisallowReplay;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Acts on the world, which a row stands for. */
@Component
@DisallowReplay
@ProcessingGroup("inventory.mail")
class WhenGoodsPlacedThenMail {

    private final JdbcClient jdbc;

    WhenGoodsPlacedThenMail(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @EventHandler
    void on(GoodsPlaced event) {
        jdbc.sql("insert into sample_seen (reader, by, what) values ('mail', 'sample', ?)")
                .param(event.shelf() + ":" + event.pieces())
                .update();
    }
}
