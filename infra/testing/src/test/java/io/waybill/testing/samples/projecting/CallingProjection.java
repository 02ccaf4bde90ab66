package io.waybill.testing.samples.projecting;

import java.net.http.HttpClient;
import org.axonframework.eventhandling.EventHandler;

class CallingProjection {

    @EventHandler
    void on(String event, HttpClient client) {}
}
