package io.waybill.security;

import io.waybill.kernel.CustomerId;
import io.waybill.kernel.EmailAddress;
import java.util.Optional;

/**
 * Who asks, as their token says.
 *
 * @param email where to write to them; empty if the token does not say.
 */
public record Caller(CustomerId id, Optional<EmailAddress> email, boolean isCustomer, boolean isOperator) {

    /** Whether the caller may see and touch what belongs to the customer. */
    public boolean mayTouchWhatBelongsTo(CustomerId owner) {
        return isOperator || id.equals(owner);
    }

    @Override
    public String toString() {
        return "Caller[" + id + "]";
    }
}
