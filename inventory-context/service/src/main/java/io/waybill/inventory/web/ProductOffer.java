package io.waybill.inventory.web;

import static java.util.Objects.requireNonNull;

import io.waybill.inventory.api.ListProduct;
import io.waybill.kernel.Sku;
import io.waybill.messaging.web.MoneyView;

/** What a client wants a product to be called and to cost. */
record ProductOffer(String name, MoneyView price) {

    ProductOffer {
        requireNonNull(name, "name");
        requireNonNull(price, "price");
        requireNonNull(price.amount(), "price.amount");
        requireNonNull(price.currency(), "price.currency");
    }

    ListProduct of(Sku sku) {
        return new ListProduct(sku, name, price.toMoney());
    }
}
