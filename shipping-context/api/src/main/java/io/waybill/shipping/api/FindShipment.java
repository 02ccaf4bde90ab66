package io.waybill.shipping.api;

import io.waybill.kernel.ShipmentId;

/** How does this shipment stand? Answered by an optional {@link ShipmentSummary}. */
public record FindShipment(ShipmentId shipmentId) {}
