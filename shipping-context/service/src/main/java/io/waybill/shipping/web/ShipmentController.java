package io.waybill.shipping.web;

import io.waybill.kernel.CustomerId;
import io.waybill.kernel.ShipmentId;
import io.waybill.messaging.Rejection;
import io.waybill.messaging.security.CurrentCaller;
import io.waybill.messaging.web.AnswersFrom;
import io.waybill.security.Caller;
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
    private final CurrentCaller caller;
    private final CommandGateway commands;

    ShipmentController(QueryGateway queries, CommandGateway commands, CurrentCaller caller) {
        this.caller = caller;
        this.queries = queries;
        this.commands = commands;
    }

    @GetMapping
    @AnswersFrom("shipping.tracking")
    ShipmentView shipment(@PathVariable ShipmentId id) {
        return queries.query(new FindShipment(id), ResponseTypes.optionalInstanceOf(ShipmentSummary.class))
                .join()
                .filter(shipment -> isVisible(shipment, caller.get()))
                .map(ShipmentView::of)
                .orElseThrow(
                        () -> new Rejection(ShippingRejection.SHIPMENT_NOT_FOUND, "There is no shipment " + id + "."));
    }

    /** A shipment that is nobody's is an operator's affair. */
    private static boolean isVisible(ShipmentSummary shipment, Caller caller) {
        CustomerId owner = shipment.customerId();
        return owner == null ? caller.isOperator() : caller.mayTouchWhatBelongsTo(owner);
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
