package io.waybill.order.notification;

import io.waybill.kernel.EmailAddress;
import io.waybill.kernel.OrderId;
import java.util.Optional;

/** Where the customers of orders are written to. Kept beside the events, never in them, so that it can be forgotten. */
public interface Contacts {

    /** Remembers the address, in the transaction that places the order. */
    void remember(OrderId orderId, EmailAddress email);

    /** The address; empty if there never was one, or it was forgotten. */
    Optional<EmailAddress> of(OrderId orderId);
}
