package io.waybill.shipping.web;

import io.waybill.kernel.ShipmentId;
import io.waybill.shipping.api.ShipmentStatus;

/** What an operator is told whose word was taken. */
record AcceptedView(ShipmentId shipmentId, ShipmentStatus status) {}
