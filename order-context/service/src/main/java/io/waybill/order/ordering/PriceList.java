package io.waybill.order.ordering;

import io.waybill.kernel.Money;
import io.waybill.kernel.Sku;
import java.util.Map;
import java.util.Set;

/** What products cost today. */
interface PriceList {

    /** The prices of those of the products that are offered. */
    Map<Sku, Money> pricesOf(Set<Sku> skus);
}
