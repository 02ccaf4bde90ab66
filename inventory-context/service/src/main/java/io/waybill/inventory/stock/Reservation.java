package io.waybill.inventory.stock;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.waybill.inventory.api.CommitStock;
import io.waybill.inventory.api.ReleaseStock;
import io.waybill.inventory.api.ReserveStock;
import io.waybill.inventory.api.Shortage;
import io.waybill.inventory.api.StockCommitted;
import io.waybill.inventory.api.StockLine;
import io.waybill.inventory.api.StockReleased;
import io.waybill.inventory.api.StockReservationFailed;
import io.waybill.inventory.api.StockReserved;
import io.waybill.kernel.OrderId;
import java.util.List;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;

/**
 * The pieces set aside for one order. The first command decides its life: ReserveStock sets all lines aside or none,
 * ReleaseStock that comes before it leaves a tombstone, so that a ReserveStock that comes late sets nothing aside any
 * more. What was set aside is then either given back or leaves the warehouse, once. A repeated command is silent.
 *
 * <p>The levels change in the transaction that appends the event: either both happened or neither.
 */
@Aggregate
class Reservation {

    private enum Stage {
        NEW,
        RESERVED,
        FAILED,
        RELEASED,
        COMMITTED
    }

    @AggregateIdentifier
    private OrderId orderId;

    private Stage stage = Stage.NEW;
    private List<StockLine> lines = List.of();

    Reservation() {}

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void decide(ReserveStock command, StockLevels levels) {
        if (stage != Stage.NEW) {
            return;
        }
        Pieces wanted = Pieces.of(command.lines());
        List<Shortage> shortages = wanted.shortages(levels.lockAvailable(wanted));
        if (!shortages.isEmpty()) {
            apply(new StockReservationFailed(command.orderId(), shortages));
            return;
        }
        levels.setAside(wanted);
        apply(new StockReserved(command.orderId(), command.lines()));
    }

    /**
     * Pieces that left the warehouse cannot be given back; nobody asks for it, because a dispatched order has no way
     * back.
     */
    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void decide(ReleaseStock command, StockLevels levels) {
        if (stage == Stage.RELEASED || stage == Stage.COMMITTED) {
            return;
        }
        levels.giveBack(Pieces.of(lines));
        apply(new StockReleased(command.orderId(), lines));
    }

    /** A parcel that left without pieces set aside for it is a fault for people to look at: the message gets parked. */
    @CommandHandler
    void decide(CommitStock command, StockLevels levels) {
        if (stage == Stage.COMMITTED) {
            return;
        }
        if (stage != Stage.RESERVED) {
            throw new IllegalStateException("nothing is set aside for " + orderId + ": " + stage);
        }
        levels.takeOut(Pieces.of(lines));
        apply(new StockCommitted(orderId, lines));
    }

    @EventSourcingHandler
    void evolve(StockReserved event) {
        orderId = event.orderId();
        stage = Stage.RESERVED;
        lines = event.lines();
    }

    @EventSourcingHandler
    void evolve(StockReservationFailed event) {
        orderId = event.orderId();
        stage = Stage.FAILED;
    }

    @EventSourcingHandler
    void evolve(StockReleased event) {
        orderId = event.orderId();
        stage = Stage.RELEASED;
        lines = List.of();
    }

    @EventSourcingHandler
    void evolve(StockCommitted event) {
        stage = Stage.COMMITTED;
        lines = List.of();
    }
}
