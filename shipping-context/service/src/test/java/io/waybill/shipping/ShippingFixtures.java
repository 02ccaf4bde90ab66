package io.waybill.shipping;

import io.waybill.kernel.Address;
import io.waybill.kernel.CustomerId;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.ShipmentId;
import io.waybill.shipping.api.CancelShipment;
import io.waybill.shipping.api.ConfirmDelivery;
import io.waybill.shipping.api.CreateShipment;
import io.waybill.shipping.api.DispatchShipment;
import io.waybill.shipping.api.ShipmentCancellationRefused;
import io.waybill.shipping.api.ShipmentCancelled;
import io.waybill.shipping.api.ShipmentCreated;
import io.waybill.shipping.api.ShipmentDelivered;
import io.waybill.shipping.api.ShipmentDispatched;
import io.waybill.shipping.api.ShipmentFailed;
import io.waybill.shipping.api.ShipmentRequested;

/** One shipment and everything that can be said about it. */
public final class ShippingFixtures {

    public static final OrderId ORDER = OrderId.of("ord_0190b6f0-0000-7000-8000-000000000001");
    public static final ShipmentId SHIPMENT = ShipmentId.forOrder(ORDER);
    public static final CustomerId CUSTOMER = CustomerId.of("cus_1");
    public static final String TRACKING_CODE = "SBX-000000000001";

    private ShippingFixtures() {}

    public static Address addressWith(String postalCode) {
        return new Address("Ada Lovelace", "12 Engine Street", "London", postalCode, "GB");
    }

    public static CreateShipment createShipment() {
        return new CreateShipment(SHIPMENT, ORDER, CUSTOMER, addressWith("N1 9GU"));
    }

    public static CancelShipment cancel() {
        return new CancelShipment(SHIPMENT, ORDER);
    }

    public static DispatchShipment dispatch() {
        return new DispatchShipment(SHIPMENT);
    }

    public static ConfirmDelivery confirmDelivery() {
        return new ConfirmDelivery(SHIPMENT);
    }

    public static ShipmentRequested requested() {
        return new ShipmentRequested(SHIPMENT, ORDER, CUSTOMER, addressWith("N1 9GU"));
    }

    public static ShipmentCreated created() {
        return new ShipmentCreated(SHIPMENT, ORDER, TRACKING_CODE);
    }

    public static ShipmentFailed failed() {
        return new ShipmentFailed(SHIPMENT, ORDER, "postal_code_not_served");
    }

    public static ShipmentCancelled cancelled() {
        return new ShipmentCancelled(SHIPMENT, ORDER);
    }

    public static ShipmentCancellationRefused cancellationRefused() {
        return new ShipmentCancellationRefused(SHIPMENT, ORDER);
    }

    public static ShipmentDispatched dispatched() {
        return new ShipmentDispatched(SHIPMENT, ORDER);
    }

    public static ShipmentDelivered delivered() {
        return new ShipmentDelivered(SHIPMENT, ORDER);
    }
}
