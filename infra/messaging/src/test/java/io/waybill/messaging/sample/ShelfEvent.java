package io.waybill.messaging.sample;

import io.waybill.kernel.Event;
import io.waybill.kernel.Revision;

/** What a shelf tells. */
public sealed interface ShelfEvent extends Event {

    String shelf();

    @Override
    default String subject() {
        return shelf();
    }

    @Revision(1)
    record ShelfPutUp(String shelf) implements ShelfEvent {}

    /** Revision 1 had no unit and counted pieces. */
    @Revision(2)
    record GoodsPlaced(String shelf, int pieces, String unit) implements ShelfEvent {

        public static final String PIECE = "PIECE";

        public static GoodsPlaced on(String shelf, int pieces) {
            return new GoodsPlaced(shelf, pieces, PIECE);
        }
    }
}
