package io.waybill.order.fulfilment;

import io.waybill.order.api.CompensationStep;

/**
 * Where an order's fulfilment stands: the step whose answer it waits for. The order of the constants is the story's.
 */
enum Step {
    PAYMENT,
    STOCK,
    SHIPMENT,
    DISPATCH,
    CANCEL_SHIPMENT,
    RELEASE_STOCK,
    REFUND_PAYMENT;

    boolean isForward() {
        return compareTo(DISPATCH) <= 0;
    }

    /** Where walking back begins: with what undoes this very step, because it may have happened unheard. */
    Step compensation() {
        return switch (this) {
            case PAYMENT, REFUND_PAYMENT -> REFUND_PAYMENT;
            case STOCK, RELEASE_STOCK -> RELEASE_STOCK;
            case SHIPMENT, DISPATCH, CANCEL_SHIPMENT -> CANCEL_SHIPMENT;
        };
    }

    /** How the published language calls this compensation. */
    CompensationStep published() {
        return switch (compensation()) {
            case CANCEL_SHIPMENT -> CompensationStep.CANCEL_SHIPMENT;
            case RELEASE_STOCK -> CompensationStep.RELEASE_STOCK;
            default -> CompensationStep.REFUND_PAYMENT;
        };
    }
}
