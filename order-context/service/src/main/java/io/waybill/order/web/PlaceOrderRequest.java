package io.waybill.order.web;

import io.waybill.kernel.Address;
import io.waybill.kernel.InvalidValueException;
import io.waybill.order.api.RequestedLine;
import java.util.List;

/** The body of a request to buy. */
record PlaceOrderRequest(List<RequestedLine> lines, Address shippingAddress, String paymentMethod) {

    PlaceOrderRequest {
        require(lines != null && !lines.isEmpty() && lines.size() <= 100, "an order has 1 to 100 lines");
        require(lines.stream().allMatch(PlaceOrderRequest::isComplete), "a line has a sku and a quantity");
        require(shippingAddress != null, "shippingAddress is missing");
        require(paymentMethod != null, "paymentMethod is missing");
        lines = List.copyOf(lines);
    }

    private static boolean isComplete(RequestedLine line) {
        return line != null && line.sku() != null && line.quantity() != null;
    }

    private static void require(boolean fulfilled, String rule) {
        if (!fulfilled) {
            throw new InvalidValueException(rule);
        }
    }
}
