package io.waybill.order;

import static io.waybill.order.OrderFixtures.paymentCompleted;
import static io.waybill.order.OrderFixtures.shipmentCreated;
import static io.waybill.order.OrderFixtures.stockReserved;
import static org.awaitility.Awaitility.await;

import io.waybill.inventory.api.ReserveStock;
import io.waybill.kernel.Command;
import io.waybill.kernel.Event;
import io.waybill.kernel.OrderId;
import io.waybill.messaging.WaybillJson;
import io.waybill.payment.api.ProcessPayment;
import io.waybill.shipping.api.CreateShipment;
import io.waybill.shipping.api.ShipmentRequested;
import io.waybill.testing.Answer;
import io.waybill.testing.ApiClient;
import io.waybill.testing.Deployment;
import io.waybill.testing.Heard;
import io.waybill.testing.Neighbours;
import io.waybill.testing.RunningContext;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The order context as it runs in production, on a real PostgreSQL and a real broker; the test plays the customers and
 * the neighbours that are asked and answer.
 */
public final class RunningOrders implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Deployment deployment;
    private final Path dataFolder;
    private final RunningContext context;
    private final Neighbours neighbours;

    private RunningOrders(Deployment deployment, Path dataFolder, String... settings) {
        this.deployment = deployment;
        this.dataFolder = dataFolder;
        String[] all = Stream.concat(Stream.of("--waybill.data-folder=" + dataFolder), Stream.of(settings))
                .toArray(String[]::new);
        this.context = deployment.start(OrderApplication::start, all);
        this.neighbours = deployment.neighbours(WaybillJson.mapper());
    }

    public static RunningOrders start(Path dataFolder, String... settings) {
        return new RunningOrders(Deployment.fresh("order"), dataFolder, settings);
    }

    /** One more instance on the same database and broker; the first goes on handling the events. */
    public RunningOrders another(String... settings) {
        return new RunningOrders(deployment, dataFolder, settings);
    }

    public RunningContext context() {
        return context;
    }

    /** The neighbours, for tests that speak for them by themselves. */
    public Neighbours neighbours() {
        return neighbours;
    }

    public <T> T bean(Class<T> type, String name) {
        return context.bean(type, name);
    }

    public <T> T bean(Class<T> type) {
        return context.bean(type);
    }

    public URI uri(String path) {
        return context.api().uri(path);
    }

    public Answer get(String path) {
        return as(path).get(path);
    }

    /** As the caller whose {@code Authorization} this is. */
    public Answer get(String path, String authorization) {
        return context.api(authorization).get(path);
    }

    public Answer get(String path, String header, String value) {
        return getAsync(path, header, value).join();
    }

    public CompletableFuture<Answer> getAsync(String path, String header, String value) {
        return as(path).getAsync(path, header, value);
    }

    public String namespace() {
        return deployment.namespace();
    }

    public Answer post(String path, String body, String... headers) {
        return as(path).post(path, body, headers);
    }

    public CompletableFuture<Answer> postAsync(String path, String body, String... headers) {
        return as(path).postAsync(path, body, headers);
    }

    /** As the caller whose {@code Authorization} this is. */
    public Answer postAs(String authorization, String path, String body) {
        return context.api(authorization).post(path, body);
    }

    /** The one customer of most stories, and the operator for what is theirs. */
    private ApiClient as(String path) {
        return path.startsWith("/api/admin/") ? context.api() : context.api(OrderFixtures.asCustomer());
    }

    /** The next command about the order that this neighbour finds in its queue is such a one. */
    public <C extends Command> C isAsked(String neighbour, Class<C> command, OrderId orderId) {
        String type = "waybill." + neighbour + "." + command.getSimpleName() + ".v1";
        Heard asked = await("a " + command.getSimpleName() + " for " + neighbour)
                .atMost(PATIENCE)
                .until(
                        () -> neighbours
                                .takeCommand(neighbour)
                                .filter(found -> found.type().equals(type)
                                        && found.body().contains(orderId.value())),
                        Optional::isPresent)
                .orElseThrow();
        return neighbours.read(asked, command);
    }

    /**
     * A neighbour publishes its event; returns when the order context's stream has it, so that the next comes after.
     */
    public void hears(String neighbour, Event event) {
        String id = neighbours.tell(neighbour, event);
        await("the stream to have " + event).atMost(PATIENCE).until(() -> isStored(id));
    }

    /** The payment context is asked for the order's payment, and completes it. */
    public void isPaid(OrderId orderId) {
        isAsked("payment", ProcessPayment.class, orderId);
        hears("payment", paymentCompleted(orderId));
    }

    /** All neighbours are asked for their part of the order, and do it. */
    public void isConfirmed(OrderId orderId) {
        isPaid(orderId);
        isAsked("inventory", ReserveStock.class, orderId);
        hears("inventory", stockReserved(orderId));
        CreateShipment shipment = isAsked("shipping", CreateShipment.class, orderId);
        hears(
                "shipping",
                new ShipmentRequested(shipment.shipmentId(), orderId, shipment.customerId(), shipment.address()));
        hears("shipping", shipmentCreated(orderId));
    }

    private boolean isStored(String eventId) {
        return bean(JdbcClient.class)
                .sql("select exists (select from event_stream where event_id = ?)")
                .param(eventId)
                .query(Boolean.class)
                .single();
    }

    @Override
    public void close() {
        neighbours.close();
        context.close();
    }
}
