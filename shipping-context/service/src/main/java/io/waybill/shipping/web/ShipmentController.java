package io.waybill.shipping.web;

import io.waybill.kernel.ShipmentId;
import io.waybill.messaging.Rejection;
import io.waybill.shipping.ShippingRejection;
import io.waybill.shipping.api.ConfirmDelivery;
import io.waybill.shipping.api.DispatchShipment;
import io.waybill.shipping.api.FindShipment;
import io.waybill.shipping.api.ShipmentSummary;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/shipments/{id}")
class ShipmentController {

    private final QueryGateway queries;
    private final CommandGateway commands;

    ShipmentController(QueryGateway queries, CommandGateway commands) {
        this.queries = queries;
        this.commands = commands;
    }

    @GetMapping
    ShipmentView shipment(@PathVariable ShipmentId id) {
        return queries.query(new FindShipment(id), ResponseTypes.optionalInstanceOf(ShipmentSummary.class))
                .join()
                .map(ShipmentView::of)
                .orElseThrow(
                        () -> new Rejection(ShippingRejection.SHIPMENT_NOT_FOUND, "There is no shipment " + id + "."));
    }

    @PostMapping("/dispatch")
    @ResponseStatus(HttpStatus.ACCEPTED)
    AcceptedView dispatch(@PathVariable ShipmentId id) {
        return new AcceptedView(id, commands.sendAndWait(new DispatchShipment(id)));
    }

    @PostMapping("/delivery")
    @ResponseStatus(HttpStatus.ACCEPTED)
    AcceptedView confirmDelivery(@PathVariable ShipmentId id) {
        return new AcceptedView(id, commands.sendAndWait(new ConfirmDelivery(id)));
    }
}
