package io.waybill.order.web;

import io.waybill.kernel.OrderId;
import io.waybill.order.api.OrderStatus;
import io.waybill.order.api.ResumeCompensation;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Operators let orders go on that are stuck. */
@RestController
class OperatorController {

    private final CommandGateway commands;
    private final OrderLookup orders;

    OperatorController(CommandGateway commands, OrderLookup orders) {
        this.commands = commands;
        this.orders = orders;
    }

    @PostMapping("/api/admin/order/orders/{id}/resume")
    @ResponseStatus(HttpStatus.ACCEPTED)
    AcceptedOrder resume(@PathVariable OrderId id) {
        orders.require(id);
        commands.sendAndWait(new ResumeCompensation(id));
        return new AcceptedOrder(id, OrderStatus.CANCELLING);
    }
}
