package io.waybill.simulation;

import org.axonframework.common.IdentifierFactory;

/** Names messages and sagas by counting, so that a seed always tells the same story. */
public final class CountedIdentifiers extends IdentifierFactory {

    private static long last;

    static void reset() {
        last = 0;
    }

    @Override
    public String generateIdentifier() {
        last++;
        return Long.toString(last);
    }
}
