package io.waybill.payment.sandbox;

/** The sandbox acts as if the line to the partner were broken. */
final class PartnerUnreachable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PartnerUnreachable(String message) {
        super(message);
    }
}
