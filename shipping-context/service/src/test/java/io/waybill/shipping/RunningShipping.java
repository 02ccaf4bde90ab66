package io.waybill.shipping;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.kernel.Command;
import io.waybill.kernel.ShipmentId;
import io.waybill.messaging.WaybillJson;
import io.waybill.testing.Answer;
import io.waybill.testing.Deeds;
import io.waybill.testing.Deployment;
import io.waybill.testing.EventLog;
import io.waybill.testing.Neighbours;
import io.waybill.testing.RunningContext;
import java.util.List;

/**
 * The shipping service as others see it: commands go in by its queue, events come out by the exchange, the rest is
 * HTTP.
 */
final class RunningShipping implements AutoCloseable {

    private final Deployment deployment = Deployment.fresh("shipping");
    private final RunningContext context;
    private final Neighbours neighbours;
    private final EventLog told;

    RunningShipping(String... settings) {
        context = oneMore(settings);
        neighbours = deployment.neighbours(WaybillJson.mapper());
        told = neighbours.listenTo("shipping.*");
    }

    /** Another instance on the same database and broker. */
    RunningContext oneMore(String... settings) {
        return deployment.start(ShippingApplication::start, settings);
    }

    <T> T bean(Class<T> type) {
        return context.bean(type);
    }

    RunningContext context() {
        return context;
    }

    void sendByQueue(Command command) {
        neighbours.ask("shipping", command);
    }

    /** The names of the events that were told about the shipment, in order and without repetitions by the platform. */
    List<String> told(ShipmentId shipment) {
        return told.namesAbout(shipment.value());
    }

    Deeds deeds() {
        return Deeds.of(deployment, books(), told);
    }

    List<String> rows(String query) {
        return deployment.database().rows(query);
    }

    JsonNode books() {
        return get("/sandbox/shipments").body();
    }

    JsonNode books(ShipmentId shipment) {
        return get("/sandbox/shipments?key=" + shipment).body().get("items");
    }

    String status(ShipmentId shipment) {
        return get("/api/shipments/" + shipment).text("/status");
    }

    Answer get(String path) {
        return context.api().get(path);
    }

    /** As the caller whose {@code Authorization} this is. */
    Answer getAs(List<String> authorization, String path) {
        return context.api(authorization.toArray(String[]::new)).get(path);
    }

    Answer post(String path) {
        return context.api().post(path);
    }

    /** As the caller whose {@code Authorization} this is. */
    Answer postAs(List<String> authorization, String path) {
        return context.api(authorization.toArray(String[]::new)).post(path);
    }

    @Override
    public void close() {
        neighbours.close();
        context.close();
    }
}
