package io.waybill.order.web;

import io.waybill.kernel.InvalidValueException;

/** The body of a request to cancel. */
record CancellationRequest(String reason) {

    CancellationRequest {
        if (reason == null) {
            throw new InvalidValueException("reason is missing");
        }
    }
}
