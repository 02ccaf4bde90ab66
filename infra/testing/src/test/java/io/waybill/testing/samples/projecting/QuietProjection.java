package io.waybill.testing.samples.projecting;

import java.util.HashSet;
import java.util.Set;
import org.axonframework.eventhandling.EventHandler;

/** How it is right. */
class QuietProjection {

    private final Set<String> rows = new HashSet<>();

    @EventHandler
    void on(String event) {
        rows.add(event);
    }
}
