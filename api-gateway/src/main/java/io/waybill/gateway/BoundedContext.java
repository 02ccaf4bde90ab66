package io.waybill.gateway;

import java.util.Locale;

/** The contexts behind the gateway. */
public enum BoundedContext {
    ORDER,
    PAYMENT,
    INVENTORY,
    SHIPPING;

    /** The name that paths and answers use. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
