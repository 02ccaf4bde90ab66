package io.waybill.order.api;

import io.waybill.kernel.Command;
import io.waybill.kernel.OrderId;

/** Everything the order context can be asked to do. */
public sealed interface OrderCommand extends Command
        permits PlaceOrder,
                RequestCancellation,
                ConfirmOrder,
                RejectOrder,
                CancelOrder,
                ReportStuckCompensation,
                ResumeCompensation,
                RecordDispatch,
                RecordDelivery {

    OrderId orderId();

    @Override
    default String target() {
        return orderId().value();
    }
}
