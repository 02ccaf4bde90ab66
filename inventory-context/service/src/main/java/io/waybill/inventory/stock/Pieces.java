package io.waybill.inventory.stock;

import static java.util.stream.Collectors.collectingAndThen;
import static java.util.stream.Collectors.summingLong;

import io.waybill.inventory.api.Shortage;
import io.waybill.inventory.api.StockLine;
import io.waybill.kernel.Quantity;
import io.waybill.kernel.Sku;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How many pieces of which products the lines of an order mean together, in the order of the skus. */
record Pieces(SortedMap<Sku, Long> bySku) {

    Pieces {
        bySku = Collections.unmodifiableSortedMap(new TreeMap<>(bySku));
    }

    static Pieces of(List<StockLine> lines) {
        return lines.stream()
                .collect(collectingAndThen(
                        Collectors.groupingBy(
                                StockLine::sku,
                                TreeMap::new,
                                summingLong(line -> line.quantity().value())),
                        Pieces::new));
    }

    /** What is missing when only this much is free; a product of which nothing is known has nothing free. */
    List<Shortage> shortages(Map<Sku, Long> available) {
        return bySku.entrySet().stream()
                .filter(wanted -> wanted.getValue() > available.getOrDefault(wanted.getKey(), 0L))
                .map(wanted -> shortage(wanted.getKey(), wanted.getValue(), available))
                .toList();
    }

    private static Shortage shortage(Sku sku, long wanted, Map<Sku, Long> available) {
        long free = available.getOrDefault(sku, 0L);
        // Several lines can ask for more pieces together than one Quantity holds; the largest then stands for the sum.
        return new Shortage(sku, Quantity.of((int) Math.min(wanted, Quantity.MAX)), Math.toIntExact(free));
    }
}
