package io.waybill.inventory.stock;

import io.waybill.kernel.Sku;
import java.util.HashMap;
import java.util.Map;

/** Levels for fixtures: as many pieces as a test puts on the shelf. */
final class StockLevelsInMemory implements StockLevels {

    record Level(long onHand, long reserved) {}

    private final Map<Sku, Level> levels = new HashMap<>();

    StockLevelsInMemory with(Sku sku, long onHand, long reserved) {
        levels.put(sku, new Level(onHand, reserved));
        return this;
    }

    Level of(Sku sku) {
        return levels.getOrDefault(sku, new Level(0, 0));
    }

    @Override
    public Map<Sku, Long> lockAvailable(Pieces pieces) {
        Map<Sku, Long> available = new HashMap<>();
        levels.forEach((sku, level) -> available.put(sku, level.onHand() - level.reserved()));
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

    private void change(Pieces pieces, int onHand, int reserved) {
        pieces.bySku().forEach((sku, number) -> {
            Level before = of(sku);
            with(sku, before.onHand() + onHand * number, before.reserved() + reserved * number);
        });
    }
}
