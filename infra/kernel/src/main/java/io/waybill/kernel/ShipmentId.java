package io.waybill.kernel;

/**
 * Identifies the one shipment of an order; derived from the order's id, never drawn, so that a repeated message names
 * the same one.
 */
public record ShipmentId(String value) {

    private static final String PREFIX = "shp_";

    public ShipmentId {
        Guard.prefixedUuid(value, PREFIX, "a shipment");
    }

    public static ShipmentId of(String value) {
        return new ShipmentId(value);
    }

    public static ShipmentId forOrder(OrderId orderId) {
        return new ShipmentId(PREFIX + orderId.uuid());
    }

    @Override
    public String toString() {
        return value;
    }
}
