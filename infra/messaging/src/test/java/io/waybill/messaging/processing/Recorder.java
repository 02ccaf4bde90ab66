package io.waybill.messaging.processing;

import io.waybill.messaging.sample.ParcelEvent.ShipmentDispatched;
import io.waybill.messaging.sample.SampleProcess;
import io.waybill.messaging.sample.ShelfEvent.GoodsPlaced;
import java.util.function.Consumer;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ResetHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A projection that writes down what it hears, so that what is heard twice stands there twice. */
class Recorder {

    private final JdbcClient jdbc;
    private final String reader;
    private final String by;
    private final Consumer<GoodsPlaced> before;

    /** @param before what happens before it writes, such as a failure */
    Recorder(SampleProcess process, String reader, String by, Consumer<GoodsPlaced> before) {
        this.jdbc = process.jdbc();
        this.reader = reader;
        this.by = by;
        this.before = before;
    }

    Recorder(SampleProcess process, String reader) {
        this(process, reader, "one", event -> {});
    }

    @EventHandler
    void on(GoodsPlaced event) {
        before.accept(event);
        write(event.shelf() + ":" + event.pieces());
    }

    @EventHandler
    void on(ShipmentDispatched event) {
        write(event.shelf() + ":" + event.parcel());
    }

    @ResetHandler
    void reset() {
        jdbc.sql("delete from sample_seen where reader = ?").param(reader).update();
    }

    private void write(String what) {
        jdbc.sql("insert into sample_seen (reader, by, what) values (?, ?, ?)")
                .params(reader, by, what)
                .update();
    }
}
