package io.waybill.simulation;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows by key that survive a crash, as far as they were committed. */
public final class Table<R> {

    private final Transactions transactions;
    private final Map<String, R> rows = new LinkedHashMap<>();

    Table(Transactions transactions) {
        this.transactions = transactions;
    }

    public @Nullable R get(String key) {
        return rows.get(key);
    }

    public R getOr(String key, R otherwise) {
        return rows.getOrDefault(key, otherwise);
    }

    public void put(String key, R row) {
        R before = rows.put(key, row);
        transactions.onRollback(() -> restore(key, before));
    }

    public void remove(String key) {
        R before = rows.remove(key);
        if (before != null) {
            transactions.onRollback(() -> restore(key, before));
        }
    }

    Collection<R> rows() {
        return rows.values();
    }

    Map<String, R> byKey() {
        return rows;
    }

    boolean contains(String key) {
        return rows.containsKey(key);
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    void clear() {
        rows.clear();
    }

    private void restore(String key, @Nullable R before) {
        if (before == null) {
            rows.remove(key);
        } else {
            rows.put(key, before);
        }
    }
}
