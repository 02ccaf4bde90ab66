package io.waybill.shipping;

import static io.waybill.shipping.ShippingFixtures.ORDER;
import static io.waybill.shipping.ShippingFixtures.SHIPMENT;
import static io.waybill.shipping.ShippingFixtures.TRACKING_CODE;

import io.waybill.messaging.WaybillJson;
import io.waybill.shipping.api.FindShipment;
import io.waybill.shipping.api.ShipmentStatus;
import io.waybill.shipping.api.ShipmentSummary;
import io.waybill.shipping.api.ShippingCommand;
import io.waybill.shipping.api.ShippingEvent;
import io.waybill.testing.ContractSnapshot;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ShippingContractTest {

    @Test
    void what_shipping_says_is_what_others_were_promised() {
        ContractSnapshot.of(WaybillJson.mapper())
                .verify(
                        List.of(ShippingCommand.class, ShippingEvent.class, FindShipment.class, ShipmentSummary.class),
                        List.of(
                                ShippingFixtures.createShipment(),
                                ShippingFixtures.cancel(),
                                ShippingFixtures.dispatch(),
                                ShippingFixtures.confirmDelivery(),
                                ShippingFixtures.requested(),
                                ShippingFixtures.created(),
                                ShippingFixtures.failed(),
                                ShippingFixtures.cancelled(),
                                ShippingFixtures.cancellationRefused(),
                                ShippingFixtures.dispatched(),
                                ShippingFixtures.delivered(),
                                new FindShipment(SHIPMENT),
                                new ShipmentSummary(
                                        SHIPMENT,
                                        ORDER,
                                        ShippingFixtures.CUSTOMER,
                                        ShipmentStatus.FAILED,
                                        TRACKING_CODE,
                                        "postal_code_not_served",
                                        Instant.parse("2026-11-22T10:00:00Z"),
                                        Instant.parse("2026-11-22T10:00:01Z"))));
    }
}
