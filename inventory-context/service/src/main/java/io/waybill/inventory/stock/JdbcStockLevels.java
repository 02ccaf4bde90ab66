package io.waybill.inventory.stock;

import io.waybill.kernel.Sku;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The levels as rows of {@code stock_level}. What lowers a level depends on nothing that is in the table, so it waits
 * for the end of the transaction: a policy commits the stock of many orders in one transaction, and locking order by
 * order would lock the products of all of them in no order at all.
 */
@Component
class JdbcStockLevels implements StockLevels {

    private static final String LATER = JdbcStockLevels.class.getName() + ".later";

    private static final String LOCK = """
        select sku, on_hand - reserved as available
        from stock_level where sku = any (cast(:skus as text[]))
        order by sku for update
        """;

    private static final String CHANGE = """
        update stock_level level
        set on_hand = level.on_hand + change.on_hand, reserved = level.reserved + change.reserved
        from unnest(cast(:skus as text[]), cast(:onHand as bigint[]), cast(:reserved as bigint[]))
            as change (sku, on_hand, reserved)
        where level.sku = change.sku
        """;

    /** By how much a level's two figures rise. */
    private record Change(long onHand, long reserved) {

        Change plus(Change other) {
            return new Change(Math.addExact(onHand, other.onHand), Math.addExact(reserved, other.reserved));
        }
    }

    private final JdbcClient database;

    JdbcStockLevels(JdbcClient database) {
        this.database = database;
    }

    @Override
    public Map<Sku, Long> lockAvailable(Pieces pieces) {
        return lock(pieces.bySku());
    }

    @Override
    public void setAside(Pieces pieces) {
        SortedMap<Sku, Change> changes = new TreeMap<>();
        pieces.bySku().forEach((sku, number) -> changes.put(sku, new Change(0, number)));
        change(changes);
    }

    @Override
    public void giveBack(Pieces pieces) {
        pieces.bySku().forEach((sku, number) -> later().merge(sku, new Change(0, -number), Change::plus));
    }

    @Override
    public void takeOut(Pieces pieces) {
        pieces.bySku().forEach((sku, number) -> later().merge(sku, new Change(-number, -number), Change::plus));
    }

    private SortedMap<Sku, Change> later() {
        UnitOfWork<?> transaction = CurrentUnitOfWork.get().root();
        return transaction.getOrComputeResource(LATER, name -> {
            SortedMap<Sku, Change> changes = new TreeMap<>();
            transaction.onPrepareCommit(ending -> {
                lock(changes);
                change(changes);
            });
            return changes;
        });
    }

    private Map<Sku, Long> lock(SortedMap<Sku, ?> products) {
        Map<Sku, Long> available = new HashMap<>();
        database.sql(LOCK).param("skus", names(products)).query(row -> {
            available.put(Sku.of(row.getString("sku")), row.getLong("available"));
        });
        return available;
    }

    private void change(SortedMap<Sku, Change> changes) {
        int changed = database.sql(CHANGE)
                .param("skus", names(changes))
                .param("onHand", changes.values().stream().map(Change::onHand).toArray(Long[]::new))
                .param(
                        "reserved",
                        changes.values().stream().map(Change::reserved).toArray(Long[]::new))
                .update();
        if (changed != changes.size()) {
            throw new IllegalStateException("only " + changed + " of the products " + changes.keySet() + " have stock");
        }
    }

    private static String[] names(SortedMap<Sku, ?> products) {
        return products.keySet().stream().map(Sku::value).toArray(String[]::new);
    }
}
