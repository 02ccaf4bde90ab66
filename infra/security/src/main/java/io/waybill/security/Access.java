package io.waybill.security;

import java.util.Locale;
import java.util.Optional;

/** Who may use an operation. The names stand in the documents as {@code x-waybill-access}. */
public enum Access {
    /** Nobody is asked for a token, and none is looked at. */
    ANYONE,
    /** A customer, for themselves. */
    CUSTOMER,
    /** The customer whom the thing belongs to, and operators. Others are told that it does not exist. */
    OWNER,
    OPERATOR;

    /** Whether the caller's role suffices; whose the thing is only its context knows. */
    public boolean permits(Caller caller) {
        return switch (this) {
            case ANYONE -> true;
            case CUSTOMER -> caller.isCustomer();
            case OWNER -> caller.isCustomer() || caller.isOperator();
            case OPERATOR -> caller.isOperator();
        };
    }

    static Optional<Access> named(String name) {
        for (Access access : values()) {
            if (access.name().toLowerCase(Locale.ROOT).equals(name)) {
                return Optional.of(access);
            }
        }
        return Optional.empty();
    }
}
