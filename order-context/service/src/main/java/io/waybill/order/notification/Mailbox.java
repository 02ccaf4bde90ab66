package io.waybill.order.notification;

import io.waybill.kernel.EmailAddress;

/** Where letters leave the house. */
interface Mailbox {

    /**
     * Sends the letter to the address. Returns when the letter is on its way; an exception means that it has to be sent
     * again.
     */
    void send(Letter letter, EmailAddress to);
}
