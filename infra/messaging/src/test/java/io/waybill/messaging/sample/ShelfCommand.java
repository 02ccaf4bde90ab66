package io.waybill.messaging.sample;

import io.waybill.kernel.Command;

/** What a shelf can be asked to do. */
public sealed interface ShelfCommand extends Command {

    String shelf();

    @Override
    default String target() {
        return shelf();
    }

    record PutUpShelf(String shelf) implements ShelfCommand {}

    /** Nothing to place is refused; more than a shelf can bear breaks it. */
    record PlaceGoods(String shelf, int pieces) implements ShelfCommand {}
}
