package io.waybill.gateway.identity;

import io.waybill.kernel.EmailAddress;

/** An account. The role is one of a customer or of an operator; the password is kept as its hash. */
record User(String id, EmailAddress email, String name, String passwordHash, String role) {

    @Override
    public String toString() {
        return "User[" + id + "]";
    }
}
