package io.waybill.inventory.stock;

import io.waybill.kernel.Sku;
import io.waybill.messaging.Commands;
import io.waybill.simulation.Table;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.SimpleEventHandlerInvoker;
import org.axonframework.messaging.annotation.ClasspathParameterResolverFactory;
import org.axonframework.messaging.annotation.MultiParameterResolverFactory;
import org.axonframework.messaging.annotation.SimpleResourceParameterResolverFactory;

/** The aggregate, the levels and the policy of the inventory context. */
public final class SimulatedStock implements StockLevels {

    public record Level(long onHand, long reserved) {}

    private static final Level NONE = new Level(0, 0);

    private final Table<Level> levels;

    public SimulatedStock(Table<Level> levels) {
        this.levels = levels;
    }

    public static Class<?> aggregate() {
        return Reservation.class;
    }

    public static EventHandlerInvoker commitOnDispatch(CommandBus bus) {
        Object policy = new WhenShipmentDispatchedThenCommitStock();
        return SimpleEventHandlerInvoker.builder()
                .eventHandlers(policy)
                .parameterResolverFactory(MultiParameterResolverFactory.ordered(
                        ClasspathParameterResolverFactory.forClass(policy.getClass()),
                        new SimpleResourceParameterResolverFactory(List.of(new Commands(bus)))))
                .listenerInvocationErrorHandler(PropagatingErrorHandler.instance())
                .build();
    }

    public void receive(Sku sku, long pieces) {
        levels.put(sku.value(), new Level(pieces, 0));
    }

    public Level of(Sku sku) {
        return levels.getOr(sku.value(), NONE);
    }

    @Override
    public Map<Sku, Long> lockAvailable(Pieces pieces) {
        Map<Sku, Long> available = new HashMap<>();
        pieces.bySku().keySet().forEach(sku -> available.put(sku, of(sku).onHand() - of(sku).reserved()));
        return available;
    }

    @Override
    public void setAside(Pieces pieces) {
        change(pieces, 0, 1);
    }

    @Override
    public void giveBack(Pieces pieces) {
        change(pieces, 0, -1);
    }

    @Override
    public void takeOut(Pieces pieces) {
        change(pieces, -1, -1);
    }

    /** As the table's check constraint, which keeps what is reserved between nought and what is on hand. */
    private void change(Pieces pieces, int onHand, int reserved) {
        pieces.bySku().forEach((sku, number) -> {
            Level before = of(sku);
            Level after = new Level(before.onHand() + onHand * number, before.reserved() + reserved * number);
            if (after.reserved() < 0 || after.reserved() > after.onHand()) {
                throw new IllegalStateException("there cannot be " + after + " of " + sku);
            }
            levels.put(sku.value(), after);
        });
    }
}
