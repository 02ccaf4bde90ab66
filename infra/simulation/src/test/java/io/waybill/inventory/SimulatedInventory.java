package io.waybill.inventory;

import io.waybill.messaging.MessageCatalogue;

/** What the inventory context says and hears. */
public final class SimulatedInventory {

    private SimulatedInventory() {}

    public static MessageCatalogue messages() {
        return new InventoryApplication().messages();
    }
}
