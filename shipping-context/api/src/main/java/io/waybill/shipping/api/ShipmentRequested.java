package io.waybill.shipping.api;

import io.waybill.kernel.Address;
import io.waybill.kernel.CustomerId;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.Revision;
import io.waybill.kernel.ShipmentId;
import org.jspecify.annotations.Nullable;

/** The booking was accepted for the carrier; its answer is open. Events of before know no customer. */
@Revision(1)
public record ShipmentRequested(
        ShipmentId shipmentId, OrderId orderId, @Nullable CustomerId customerId, Address address)
        implements ShippingEvent {}
