package io.waybill.messaging.sample;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.waybill.messaging.Rejection;
import io.waybill.messaging.sample.ShelfCommand.PlaceGoods;
import io.waybill.messaging.sample.ShelfCommand.PutUpShelf;
import io.waybill.messaging.sample.ShelfEvent.GoodsPlaced;
import io.waybill.messaging.sample.ShelfEvent.ShelfPutUp;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/** Is put up once, then bears what is placed on it. */
@Aggregate
class Shelf {

    static final int BEARS = 1_000;

    @AggregateIdentifier
    private @Nullable String shelf;

    private int pieces;

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void decide(PutUpShelf command) {
        if (shelf == null) {
            apply(new ShelfPutUp(command.shelf()));
        }
    }

    @CommandHandler
    void decide(PlaceGoods command) {
        if (command.pieces() == 0) {
            throw new Rejection(SampleRejection.NOTHING_TO_PLACE, "There is nothing to place.");
        }
        if (pieces + command.pieces() > BEARS) {
            throw new IllegalStateException("the shelf breaks");
        }
        apply(GoodsPlaced.on(command.shelf(), command.pieces()));
    }

    @EventSourcingHandler
    void evolve(ShelfPutUp event) {
        shelf = event.shelf();
    }

    @EventSourcingHandler
    void evolve(GoodsPlaced event) {
        pieces += event.pieces();
    }
}
