package io.waybill.shipping.api;

import io.waybill.kernel.ShipmentId;

/** The parcel was handed to the carrier. */
public record DispatchShipment(ShipmentId shipmentId) implements ShippingCommand {}
