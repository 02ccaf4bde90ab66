package io.waybill.acceptance.crash;

import static io.waybill.acceptance.crash.Content.COMMANDS;
import static io.waybill.acceptance.crash.Content.COPIES;
import static io.waybill.acceptance.crash.Content.EVENTS;
import static io.waybill.acceptance.crash.Content.PUBLISHED;
import static io.waybill.acceptance.crash.Content.READ_MODEL;
import static io.waybill.acceptance.crash.Content.SAGA;
import static io.waybill.acceptance.crash.Content.TASK;
import static io.waybill.acceptance.crash.Content.TASK_DONE;
import static io.waybill.acceptance.crash.Deed.ACKNOWLEDGE;
import static io.waybill.acceptance.crash.Deed.CALL;
import static io.waybill.acceptance.crash.Deed.COMMIT;
import static io.waybill.acceptance.crash.Deed.CONFIRM;
import static io.waybill.acceptance.crash.Deed.PUBLISH;
import static io.waybill.acceptance.crash.Deed.WRITE;
import static io.waybill.acceptance.crash.Moment.AFTER;
import static io.waybill.acceptance.crash.Moment.BEFORE;

/**
 * The points of an order's path at which a process may die, in the order in which an order comes by them: around every
 * commit, publication, confirm, acknowledgement and call. Each says what has happened by then, and what has not.
 */
public enum CrashPoint {
    // The customer asks, the order context answers.
    PLACING_WRITTEN("order", BEFORE, COMMIT, "http", EVENTS, "the order and its key are written, not committed"),
    PLACING_COMMITTED("order", AFTER, COMMIT, "http", EVENTS, "the order is placed; the customer does not know"),

    ORDER_OUTBOX_READ("order", BEFORE, PUBLISH, "order.outbox", EVENTS, "the event is read, not published"),
    ORDER_OUTBOX_PUBLISHED("order", BEFORE, CONFIRM, "order.outbox", EVENTS, "published, not confirmed"),
    ORDER_OUTBOX_CONFIRMED("order", BEFORE, COMMIT, "order.outbox", PUBLISHED, "confirmed, its place not stored"),
    ORDER_OUTBOX_STORED("order", AFTER, COMMIT, "order.outbox", PUBLISHED, "confirmed, its place stored"),

    // The saga.
    SAGA_DECIDED("order", BEFORE, PUBLISH, "order.fulfilment", COMMANDS, "decided, no command published"),
    SAGA_PUBLISHED("order", BEFORE, CONFIRM, "order.fulfilment", COMMANDS, "commands published, not confirmed"),
    SAGA_CONFIRMED("order", AFTER, CONFIRM, "order.fulfilment", COMMANDS, "commands confirmed, nothing written"),
    SAGA_WRITING("order", BEFORE, WRITE, "order.fulfilment", SAGA, "commands confirmed, the saga not written"),
    SAGA_WRITTEN("order", BEFORE, COMMIT, "order.fulfilment", SAGA, "saga, alarm and place written, not committed"),
    SAGA_COMMITTED("order", AFTER, COMMIT, "order.fulfilment", SAGA, "saga, alarm and place committed"),

    // A command in the context that carries it out.
    PAYMENT_COMMAND_WRITTEN("payment", BEFORE, COMMIT, "payment.commands", EVENTS, "event and task not committed"),
    PAYMENT_COMMAND_COMMITTED("payment", AFTER, COMMIT, "payment.commands", EVENTS, "committed, not acknowledged"),
    PAYMENT_COMMAND_ACKNOWLEDGED("payment", AFTER, ACKNOWLEDGE, "payment.commands", "", "acknowledged"),

    // A call to the partner.
    CHARGE_BEGUN("payment", BEFORE, CALL, "PaymentPartner.charge", "", "the task is claimed, the partner not asked"),
    CHARGE_ANSWERED("payment", AFTER, CALL, "PaymentPartner.charge", "", "charged, the answer not recorded"),
    CHARGE_WRITTEN("payment", BEFORE, COMMIT, "task", EVENTS, "charged, the answer written, not committed"),
    CHARGE_COMMITTED("payment", AFTER, COMMIT, "task", EVENTS, "the answer is committed, the task not done"),
    CHARGE_TASK_DONE("payment", AFTER, COMMIT, "task", TASK_DONE, "the task is done"),
    REFUND_BEGUN("payment", BEFORE, CALL, "PaymentPartner.refund", "", "the partner is not asked to refund"),
    REFUND_ANSWERED("payment", AFTER, CALL, "PaymentPartner.refund", "", "refunded, the answer not recorded"),

    PAYMENT_OUTBOX_READ("payment", BEFORE, PUBLISH, "payment.outbox", EVENTS, "the event is read, not published"),
    PAYMENT_OUTBOX_PUBLISHED("payment", BEFORE, CONFIRM, "payment.outbox", EVENTS, "published, not confirmed"),
    PAYMENT_OUTBOX_CONFIRMED("payment", BEFORE, COMMIT, "payment.outbox", PUBLISHED, "its place not stored"),
    PAYMENT_OUTBOX_STORED("payment", AFTER, COMMIT, "payment.outbox", PUBLISHED, "confirmed, its place stored"),
    PAYMENT_TRACKING_WRITTEN("payment", BEFORE, COMMIT, "payment.tracking", READ_MODEL, "shown, not committed"),

    // The answer comes back.
    ORDER_INBOX_WRITTEN("order", BEFORE, COMMIT, "order.inbox", COPIES, "copied into the stream, not committed"),
    ORDER_INBOX_COMMITTED("order", AFTER, COMMIT, "order.inbox", COPIES, "committed, not acknowledged"),
    ORDER_INBOX_ACKNOWLEDGED("order", AFTER, ACKNOWLEDGE, "order.inbox", "", "acknowledged, not handled"),
    TRACKING_WRITING("order", BEFORE, WRITE, "order.tracking", READ_MODEL, "the read model is not written"),
    TRACKING_WRITTEN("order", BEFORE, COMMIT, "order.tracking", READ_MODEL, "written with its place, not committed"),
    TRACKING_COMMITTED("order", AFTER, COMMIT, "order.tracking", READ_MODEL, "shown, nobody told of it"),

    INVENTORY_COMMAND_WRITTEN("inventory", BEFORE, COMMIT, "inventory.commands", EVENTS, "reserved, not committed"),
    INVENTORY_COMMAND_COMMITTED("inventory", AFTER, COMMIT, "inventory.commands", EVENTS, "not acknowledged"),
    INVENTORY_COMMAND_ACKNOWLEDGED("inventory", AFTER, ACKNOWLEDGE, "inventory.commands", "", "acknowledged"),
    INVENTORY_OUTBOX_PUBLISHED("inventory", BEFORE, CONFIRM, "inventory.outbox", EVENTS, "published, not confirmed"),
    INVENTORY_OUTBOX_CONFIRMED("inventory", BEFORE, COMMIT, "inventory.outbox", PUBLISHED, "its place not stored"),

    SHIPPING_COMMAND_WRITTEN("shipping", BEFORE, COMMIT, "shipping.commands", EVENTS, "event and task not committed"),
    SHIPPING_COMMAND_COMMITTED("shipping", AFTER, COMMIT, "shipping.commands", EVENTS, "committed, not acknowledged"),
    SHIPPING_COMMAND_ACKNOWLEDGED("shipping", AFTER, ACKNOWLEDGE, "shipping.commands", "", "acknowledged"),
    BOOKING_BEGUN("shipping", BEFORE, CALL, "Carrier.book", "", "the task is claimed, the carrier not asked"),
    BOOKING_ANSWERED("shipping", AFTER, CALL, "Carrier.book", "", "booked, the answer not recorded"),
    BOOKING_WRITTEN("shipping", BEFORE, COMMIT, "task", EVENTS, "booked, the answer written, not committed"),
    BOOKING_COMMITTED("shipping", AFTER, COMMIT, "task", EVENTS, "the answer is committed, the task not done"),
    BOOKING_TASK_DONE("shipping", AFTER, COMMIT, "task", TASK_DONE, "the task is done"),
    SHIPPING_OUTBOX_PUBLISHED("shipping", BEFORE, CONFIRM, "shipping.outbox", EVENTS, "published, not confirmed"),
    SHIPPING_OUTBOX_CONFIRMED("shipping", BEFORE, COMMIT, "shipping.outbox", PUBLISHED, "its place not stored"),

    // The customer is told.
    LETTER_WRITTEN("order", BEFORE, COMMIT, "order.notification", TASK, "the letter's task is not committed"),
    LETTER_COMMITTED("order", AFTER, COMMIT, "order.notification", TASK, "the letter's task is not begun"),
    MAIL_BEGUN("order", BEFORE, CALL, "Mailbox.send", "", "the mail is not sent"),
    MAIL_SENT("order", AFTER, CALL, "Mailbox.send", "", "the mail is sent, its task not done"),
    MAIL_TASK_DONE("order", AFTER, COMMIT, "task", TASK_DONE, "the mail is sent, its task done"),

    // A deadline.
    DEADLINE_WRITTEN(
            "order",
            BEFORE,
            COMMIT,
            "deadlines",
            Content.DEADLINE,
            "off the table, in the stream, both not" + " committed"),
    DEADLINE_COMMITTED("order", AFTER, COMMIT, "deadlines", Content.DEADLINE, "the deadline is an event"),

    // The parcel leaves, or its booking is taken back.
    DISPATCH_WRITTEN("shipping", BEFORE, COMMIT, "http", EVENTS, "dispatched, not committed"),
    DISPATCH_COMMITTED("shipping", AFTER, COMMIT, "http", EVENTS, "dispatched; the operator does not know"),
    INVENTORY_INBOX_WRITTEN("inventory", BEFORE, COMMIT, "inventory.inbox", COPIES, "copied, not committed"),
    INVENTORY_INBOX_COMMITTED("inventory", AFTER, COMMIT, "inventory.inbox", COPIES, "committed, not acknowledged"),
    INVENTORY_INBOX_ACKNOWLEDGED("inventory", AFTER, ACKNOWLEDGE, "inventory.inbox", "", "not handled"),
    STOCK_COMMIT_WRITTEN(
            "inventory", BEFORE, COMMIT, "inventory.commit-on-dispatch", EVENTS, "event and place not" + " committed"),
    STOCK_COMMIT_COMMITTED("inventory", AFTER, COMMIT, "inventory.commit-on-dispatch", EVENTS, "both committed"),
    UNBOOKING_BEGUN("shipping", BEFORE, CALL, "Carrier.cancel", "", "the carrier is not asked to cancel"),
    UNBOOKING_ANSWERED("shipping", AFTER, CALL, "Carrier.cancel", "", "cancelled, the answer not recorded");

    private final String context;
    private final Moment moment;
    private final Deed deed;
    private final String where;
    private final String what;
    private final String state;

    /** @param what empty where nothing else is done there */
    CrashPoint(String context, Moment moment, Deed deed, String where, String what, String state) {
        this.context = context;
        this.moment = moment;
        this.deed = deed;
        this.where = where;
        this.what = what;
        this.state = state;
    }

    /** Whose process dies there. */
    public String context() {
        return context;
    }

    /** What has happened by then, and what has not. */
    public String state() {
        return state;
    }

    boolean matches(Passage passage) {
        return deed == passage.deed()
                && moment == passage.moment()
                && where.equals(passage.where())
                && (what.isEmpty() || passage.what().contains(what));
    }
}
