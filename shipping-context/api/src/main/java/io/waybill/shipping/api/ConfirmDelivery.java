package io.waybill.shipping.api;

import io.waybill.kernel.ShipmentId;

/** The carrier says the parcel arrived. */
public record ConfirmDelivery(ShipmentId shipmentId) implements ShippingCommand {}
