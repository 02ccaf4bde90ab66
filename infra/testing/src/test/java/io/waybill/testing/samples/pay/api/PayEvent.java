package io.waybill.testing.samples.pay.api;

/** A family as the contexts publish them. */
public sealed interface PayEvent permits Paid, PayEvent.Undone {

    /** A part of the family. */
    sealed interface Undone extends PayEvent permits Refunded {}
}
