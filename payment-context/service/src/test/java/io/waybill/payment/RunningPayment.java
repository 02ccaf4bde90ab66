package io.waybill.payment;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.kernel.Command;
import io.waybill.kernel.PaymentId;
import io.waybill.messaging.WaybillJson;
import io.waybill.testing.Answer;
import io.waybill.testing.Deeds;
import io.waybill.testing.Deployment;
import io.waybill.testing.EventLog;
import io.waybill.testing.Neighbours;
import io.waybill.testing.RunningContext;
import java.util.List;

/**
 * The payment service as others see it: commands go in by its queue, events come out by the exchange, the rest is HTTP.
 */
final class RunningPayment implements AutoCloseable {

    private final Deployment deployment = Deployment.fresh("payment");
    private final RunningContext context;
    private final Neighbours neighbours;
    private final EventLog told;

    RunningPayment(String... settings) {
        context = oneMore(settings);
        neighbours = deployment.neighbours(WaybillJson.mapper());
        told = neighbours.listenTo("payment.*");
    }

    /** Another instance on the same database and broker. */
    RunningContext oneMore(String... settings) {
        return deployment.start(PaymentApplication::start, settings);
    }

    <T> T bean(Class<T> type) {
        return context.bean(type);
    }

    RunningContext context() {
        return context;
    }

    void sendByQueue(Command command) {
        neighbours.ask("payment", command);
    }

    /** The names of the events that were told about the payment, in order and without repetitions by the platform. */
    List<String> told(PaymentId payment) {
        return told.namesAbout(payment.value());
    }

    Deeds deeds() {
        return Deeds.of(deployment, books(), told);
    }

    List<String> rows(String query) {
        return deployment.database().rows(query);
    }

    JsonNode books() {
        return get("/sandbox/payments").body();
    }

    JsonNode books(PaymentId payment) {
        return get("/sandbox/payments?key=" + payment).body().get("items");
    }

    String status(PaymentId payment) {
        return get("/api/payments/" + payment).text("/status");
    }

    Answer get(String path) {
        return context.api().get(path);
    }

    /** As the caller whose {@code Authorization} this is. */
    Answer getAs(List<String> authorization, String path) {
        return context.api(authorization.toArray(String[]::new)).get(path);
    }

    @Override
    public void close() {
        neighbours.close();
        context.close();
    }
}
