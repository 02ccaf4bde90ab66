package io.waybill.standalone;

import java.util.Locale;

/** The four contexts in the order in which they are started. */
enum Context {
    ORDER,
    PAYMENT,
    INVENTORY,
    SHIPPING;

    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    String database() {
        return "waybill_" + id();
    }

    String mainClass() {
        String id = id();
        String capitalised = name().charAt(0) + id.substring(1);
        return "io.waybill.%s.%sApplication".formatted(id, capitalised);
    }
}
