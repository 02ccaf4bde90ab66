package io.waybill.gateway;

import java.util.Locale;

/** The contexts behind the gateway. */
enum BoundedContext {
    ORDER,
    PAYMENT,
    INVENTORY,
    SHIPPING;

    /** The name that paths and answers use. */
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
