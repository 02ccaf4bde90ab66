package io.waybill.order.ordering;

import io.waybill.kernel.Money;
import io.waybill.kernel.Sku;
import java.util.HashMap;
import java.util.Map;

/** The aggregate of the order context, and what it needs. */
public final class SimulatedOrdering {

    private SimulatedOrdering() {}

    public static Class<?> aggregate() {
        return Order.class;
    }

    /** A price list that stays as it is. */
    public static Object priceList(Map<Sku, Money> prices) {
        return (PriceList) skus -> {
            Map<Sku, Money> asked = new HashMap<>(prices);
            asked.keySet().retainAll(skus);
            return asked;
        };
    }
}
