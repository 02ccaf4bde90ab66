package io.waybill.inventory;

import io.waybill.inventory.api.StockLine;
import io.waybill.kernel.Money;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.Quantity;
import io.waybill.kernel.Sku;
import java.util.UUID;

/** The nouns that the inventory context's tests speak of. */
public final class InventoryFixtures {

    public static final Sku MUG = Sku.of("MUG-ENAMEL");
    public static final Sku STOVE = Sku.of("STOVE-GAS");

    private InventoryFixtures() {}

    public static OrderId order(long number) {
        return OrderId.of("ord_" + new UUID(0x7000L, 0x8000_0000_0000_0000L | number));
    }

    public static StockLine line(Sku sku, int pieces) {
        return new StockLine(sku, Quantity.of(pieces));
    }

    public static Money euros(String amount) {
        return Money.parse(amount, "EUR");
    }
}
