package io.waybill.shipping.sandbox;

import io.waybill.kernel.Address;
import io.waybill.shipping.booking.Carrier;
import org.springframework.stereotype.Component;

/** Answers as its books say. It serves the whole world but one postal code. */
@Component
class SandboxCarrier implements Carrier {

    static final String UNREACHABLE_POSTAL_CODE = "00000";

    private final SandboxBooks books;

    SandboxCarrier(SandboxBooks books) {
        this.books = books;
    }

    @Override
    public BookingAnswer book(String key, Address address) {
        SandboxCall call = books.book(key, address.postalCode());
        return call.trackingCode() == null
                ? new BookingAnswer.Refused(String.valueOf(call.reason()))
                : new BookingAnswer.Booked(call.trackingCode());
    }

    @Override
    public void cancel(String key) {
        books.cancel(key);
    }
}
