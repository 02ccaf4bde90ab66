package io.waybill.order.notification;

/** Where letters leave the house. */
interface Mailbox {

    /** Returns when the letter is on its way; an exception means that it has to be sent again. */
    void send(Letter letter);
}
