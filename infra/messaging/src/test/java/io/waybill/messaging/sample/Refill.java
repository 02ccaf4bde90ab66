package io.waybill.messaging.sample;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import io.waybill.messaging.Commands;
import io.waybill.messaging.Deadlines;
import io.waybill.messaging.sample.ParcelCommand.PackParcel;
import io.waybill.messaging.sample.ParcelEvent.ShipmentDispatched;
import io.waybill.messaging.sample.ShelfAlarm.StockTakeDue;
import io.waybill.messaging.sample.ShelfCommand.PlaceGoods;
import io.waybill.messaging.sample.ShelfEvent.ShelfPutUp;
import java.time.Duration;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.modelling.saga.EndSaga;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.spring.stereotype.Saga;

/**
 * A new shelf waits a moment, orders a parcel from the other context, and is filled. Public, for Axon makes it by
 * itself.
 */
@Saga
@ProcessingGroup("inventory.refill")
@JsonAutoDetect(
        fieldVisibility = JsonAutoDetect.Visibility.ANY,
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE)
public class Refill {

    private int ordered;

    static String parcelFor(String shelf) {
        return "parcel-" + shelf;
    }

    @StartSaga
    @SagaEventHandler(associationProperty = "shelf")
    void on(ShelfPutUp event, Deadlines deadlines) {
        deadlines.arm("refill/" + event.shelf(), Duration.ofMillis(50), new StockTakeDue(event.shelf()));
    }

    @SagaEventHandler(associationProperty = "shelf")
    void on(StockTakeDue event, Commands commands) {
        ordered++;
        commands.send(new PackParcel(parcelFor(event.shelf()), event.shelf()));
    }

    @EndSaga
    @SagaEventHandler(associationProperty = "shelf")
    void on(ShipmentDispatched event, Commands commands) {
        commands.send(new PlaceGoods(event.shelf(), event.pieces() * ordered));
    }
}
