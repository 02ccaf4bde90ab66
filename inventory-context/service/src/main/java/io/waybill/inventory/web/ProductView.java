package io.waybill.inventory.web;

import io.waybill.inventory.api.ProductSummary;
import io.waybill.messaging.web.MoneyView;

/** A product as clients see it. */
record ProductView(String sku, String name, MoneyView price, long available) {

    static ProductView of(ProductSummary product) {
        return new ProductView(
                product.sku().value(), product.name(), MoneyView.of(product.price()), product.available());
    }
}
