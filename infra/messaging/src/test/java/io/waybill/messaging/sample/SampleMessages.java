package io.waybill.messaging.sample;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.messaging.MessageCatalogue;
import java.util.function.Consumer;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.axonframework.serialization.upcasting.event.SingleEventUpcaster;

/** The sample context's closed list of messages, and how their older revisions are read. */
public final class SampleMessages {

    /** It takes an existing context's name, because the topology knows no others. */
    public static final String CONTEXT = "inventory";

    private SampleMessages() {}

    public static MessageCatalogue catalogue() {
        return MessageCatalogue.of(CONTEXT)
                .commands(ShelfCommand.class)
                .events(ShelfEvent.class)
                .internalEvents(ShelfAlarm.class)
                .foreignEvents("shipping", ParcelEvent.class)
                .foreignCommands("shipping", ParcelCommand.class)
                .build();
    }

    public static EventUpcaster upcasters() {
        return new EventUpcasterChain(
                new ToRevisionTwo("waybill.inventory.GoodsPlaced", goods -> goods.put("unit", "PIECE")),
                new ToRevisionTwo("waybill.inventory.StockTakeDue", due -> due.set("shelf", due.remove("place"))),
                new ToRevisionTwo("waybill.shipping.ShipmentDispatched", shipment -> shipment.put("pieces", 1)));
    }

    private static final class ToRevisionTwo extends SingleEventUpcaster {

        private final String type;
        private final Consumer<ObjectNode> change;

        ToRevisionTwo(String type, Consumer<ObjectNode> change) {
            this.type = type;
            this.change = change;
        }

        @Override
        protected boolean canUpcast(IntermediateEventRepresentation event) {
            return event.getType().equals(new SimpleSerializedType(type, "1"));
        }

        @Override
        protected IntermediateEventRepresentation doUpcast(IntermediateEventRepresentation event) {
            return event.upcastPayload(new SimpleSerializedType(type, "2"), JsonNode.class, payload -> {
                change.accept((ObjectNode) payload);
                return payload;
            });
        }
    }
}
