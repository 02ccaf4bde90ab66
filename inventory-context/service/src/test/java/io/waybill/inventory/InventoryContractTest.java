package io.waybill.inventory;

import static io.waybill.inventory.InventoryFixtures.MUG;
import static io.waybill.inventory.InventoryFixtures.STOVE;
import static io.waybill.inventory.InventoryFixtures.euros;
import static io.waybill.inventory.InventoryFixtures.line;
import static io.waybill.inventory.InventoryFixtures.order;

import io.waybill.inventory.api.ChangePrice;
import io.waybill.inventory.api.CommitStock;
import io.waybill.inventory.api.FindProduct;
import io.waybill.inventory.api.InventoryCommand;
import io.waybill.inventory.api.InventoryEvent;
import io.waybill.inventory.api.ListProduct;
import io.waybill.inventory.api.ListProducts;
import io.waybill.inventory.api.PriceChanged;
import io.waybill.inventory.api.ProductListed;
import io.waybill.inventory.api.ProductSummary;
import io.waybill.inventory.api.ReceiveStock;
import io.waybill.inventory.api.ReleaseStock;
import io.waybill.inventory.api.ReserveStock;
import io.waybill.inventory.api.Shortage;
import io.waybill.inventory.api.StockCommitted;
import io.waybill.inventory.api.StockLine;
import io.waybill.inventory.api.StockReceived;
import io.waybill.inventory.api.StockReleased;
import io.waybill.inventory.api.StockReservationFailed;
import io.waybill.inventory.api.StockReserved;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.Quantity;
import io.waybill.messaging.WaybillJson;
import io.waybill.testing.ContractSnapshot;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class InventoryContractTest {

    private static final OrderId ORDER = order(1);
    private static final List<StockLine> LINES = List.of(line(MUG, 4), line(STOVE, 1));

    @Test
    void what_the_inventory_says_is_what_others_were_promised() {
        ContractSnapshot.of(WaybillJson.mapper())
                .verify(
                        List.of(
                                InventoryCommand.class,
                                InventoryEvent.class,
                                FindProduct.class,
                                ListProducts.class,
                                ProductSummary.class),
                        List.of(
                                new ListProduct(MUG, "Enamel mug", euros("12.00")),
                                new ChangePrice(MUG, euros("12.00")),
                                new ReceiveStock(MUG, Quantity.of(100)),
                                new ReserveStock(ORDER, LINES),
                                new ReleaseStock(ORDER),
                                new CommitStock(ORDER),
                                new ProductListed(MUG, "Enamel mug", euros("12.00")),
                                new PriceChanged(MUG, euros("12.00")),
                                new StockReceived(MUG, Quantity.of(100)),
                                new StockReserved(ORDER, LINES),
                                new StockReservationFailed(ORDER, List.of(new Shortage(STOVE, Quantity.of(1), 0))),
                                new StockReleased(ORDER, LINES),
                                new StockCommitted(ORDER, LINES),
                                new FindProduct(MUG),
                                new ListProducts(MUG, 20),
                                new ProductSummary(MUG, "Enamel mug", euros("12.00"), 96)));
    }
}
