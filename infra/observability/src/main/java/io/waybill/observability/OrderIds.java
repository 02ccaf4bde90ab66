package io.waybill.observability;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds out which order something is about. */
public final class OrderIds {

    /** The ids of an order's payment and shipment are derived from the order's, so each of them tells which it is. */
    private static final Pattern OF_ORDER = Pattern.compile(
            "(?<!\\w)(?:ord|pay|shp)_([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?![0-9a-f-])");

    private OrderIds() {}

    /**
     * The order of the first id in a text, which may be a path or a key. Only what has the form of an id is ever taken,
     * so the answer may be logged whatever the text was.
     *
     * @param text may hold the id of an order, a payment or a shipment
     * @return an id such as {@code ord_01a2042e-36c3-7d81-babe-7e024484c768}; null where there is none
     */
    public static @Nullable String in(String text) {
        var id = OF_ORDER.matcher(text);
        return id.find() ? "ord_" + id.group(1) : null;
    }
}
